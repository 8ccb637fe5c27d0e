import { addressIn } from '../addresses-in.ts'
import type { Notice } from '../notice.ts'
import type { Row } from '../row.ts'

/** How one mailer words its report in plain text: data for the one reader below. */
export interface TextFormat {
  /** The mailer, for people who read this. */
  name: string
  /** The line after which (and on which) recipients stand; absent where a recipient's line speaks for itself. */
  begins?: RegExp
  /** The line at which the list ends, that line not included. */
  ends?: RegExp
  /** A line with a recipient; its address is the first one in group 1. */
  recipient: RegExp
  action?: Row['action']
  /** A line that names a mailbox of the sender's own domain without it, in group 1. */
  bare?: RegExp
  /** Only where the report's sender or a word in it says so. */
  where?: (notice: Notice) => boolean
}

const DIAGNOSTIC_LIMIT = 1000
const LINE_LIMIT = 2000
const SENTENCE_LIMIT = 300

/** The rows of a report in this format; empty where it is another one. */
export function readTextFormat(format: TextFormat, notice: Notice): Row[] {
  if (format.where && !format.where(notice)) return []
  const rows: Row[] = []
  let active = format.begins === undefined
  for (const whole of notice.lines) {
    const line = whole.slice(0, LINE_LIMIT)
    if (!active && !format.begins?.test(line.slice(0, SENTENCE_LIMIT))) continue
    if (active && format.ends?.test(line)) {
      if (rows.length > 0) break
      continue
    }
    active = true
    const address = addressIn(format.recipient.exec(line)?.[1] ?? '') ?? localMailbox(format, notice, line)
    if (address) rows.push({ address, action: format.action ?? null, status: null, diagnostic: restOf(line, address) })
    else extend(rows.at(-1), line)
  }
  return rows
}

function localMailbox(format: TextFormat, notice: Notice, line: string): string | null {
  const local = format.bare?.exec(line)?.[1]
  const domain = notice.sender.slice(notice.sender.lastIndexOf('@') + 1)
  return local && domain.includes('.') ? `${local}@${domain}` : null
}

function restOf(line: string, address: string): string | null {
  const rest = line
    .slice(line.includes(address) ? line.indexOf(address) + address.length : line.length)
    .replace(/^[\s>"')\]:;,.-]{1,20}/, '')
    .trim()
  return rest === '' ? null : rest
}

function extend(row: Row | undefined, line: string): void {
  const words = line.trim()
  if (!row || words === '' || /^[-=*_]{5,200}$/.test(words)) return
  if ((row.diagnostic?.length ?? 0) < DIAGNOSTIC_LIMIT)
    row.diagnostic = row.diagnostic ? `${row.diagnostic} ${words}` : words
}
