import { addressIn } from './addresses-in.ts'
import type { Row } from './row.ts'

type Fields = Map<string, string>

/**
 * The recipients of a message/delivery-status part (RFC 3464 section 2.3), one row each. Forgives what mailers get wrong:
 * no empty line between the message's fields and the recipient's, empty lines within a recipient's fields,
 * addresses without a type, actions with words behind them or of their own invention.
 */
export function readDeliveryStatus(report: string): Row[] {
  return recipientGroups(report).flatMap((fields) => {
    const row = rowOf(fields)
    return row ? [row] : []
  })
}

/** The address that was written to comes first (Original-Recipient): it is the one that we know. */
function rowOf(fields: Fields): Row | null {
  const address =
    addressOf(fields.get('original-recipient')) ??
    addressOf(fields.get('final-recipient')) ??
    addressOf(fields.get('x-actual-recipient')) ??
    addressOf(fields.get('original-rcpt-to'))
  if (!address) return null
  return {
    address,
    action: actionOf(fields.get('action')),
    status: fields.get('status') ?? null,
    diagnostic: diagnosticOf(fields),
  }
}

function addressOf(value: string | undefined): string | null {
  if (value === undefined) return null
  const semicolon = value.indexOf(';')
  const addresses = addressIn(unescapeXtext(semicolon >= 0 && semicolon < 20 ? value.slice(semicolon + 1) : value))
  return addresses
}

/** RFC 3461 xtext: '+40' for '@'. Only where the address would be none without it. */
function unescapeXtext(value: string): string {
  if (value.includes('@')) return value.slice(value.lastIndexOf(':', value.lastIndexOf('@')) + 1)
  return value.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function actionOf(value: string | undefined): Row['action'] {
  const word = (value ?? '').trim().toLowerCase()
  if (/^delay/.test(word)) return 'delayed'
  if (/^(?:delivered|deliverable|success)/.test(word)) return 'delivered'
  if (/^relayed/.test(word)) return 'relayed'
  if (/^expanded/.test(word)) return 'expanded'
  return word === '' ? null : 'failed'
}

function diagnosticOf(fields: Fields): string | null {
  const code = fields.get('diagnostic-code') ?? fields.get('x-supplementary-info')
  if (code) return code.replace(/^[ \t]{0,9}[A-Za-z0-9.-]{1,40}[ \t]{0,9};[ \t]{0,9}/, '').trim() || null
  const status = fields.get('status') ?? ''
  return /\(([^)]{1,400})\)/.exec(status)?.[1] ?? (/^\d{3} ./.test(status) ? status : null)
}

function recipientGroups(report: string): Fields[] {
  const groups: Fields[] = []
  let current: Fields | null = null
  let name = ''
  for (const line of report.split('\n')) {
    if (/^[ \t]+\S/.test(line)) {
      if (current && name) current.set(name, `${current.get(name) ?? ''} ${line.trim()}`.trim())
      continue
    }
    const field = /^([A-Za-z][A-Za-z0-9-]{0,60})[ \t]{0,3}:(.{0,4000})/.exec(line)
    if (!field?.[1]) {
      if (line.trim() === '' && current?.has('action')) current = settled(current)
      name = ''
      continue
    }
    name = field[1].toLowerCase()
    if (!current || (isRecipient(name) && current.has(name))) {
      current = new Map()
      groups.push(current)
    }
    if (!current.has(name)) current.set(name, (field[2] ?? '').trim())
    else name = ''
  }
  return groups
}

/** A group that has both its recipient and its action is complete at the next empty line. */
function settled(fields: Fields): Fields | null {
  return fields.has('final-recipient') || fields.has('original-recipient') ? null : fields
}

function isRecipient(name: string): boolean {
  return name === 'final-recipient' || name === 'original-recipient'
}
