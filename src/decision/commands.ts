import { ALIASES, COMMANDS, type Command, type Refused } from './command-table.ts'

export type { Command } from './command-table.ts'

export interface CommandLines {
  /** In the order in which they stand, each with its line as it was written. */
  commands: { line: string; command: Command }[]
  /** The text without its command lines. */
  text: string
  /** Lines that look like a command and are none, or lack what the command needs: they stop the mail from reaching the customer. */
  refused: Refusal[]
}

export interface Refusal {
  /** The line as it was written, at most 120 characters. */
  line: string
  why: Refused
}

/** What mail clients put before a line: spaces of any kind, bullets, marks without width. */
const BEFORE = '[\\s\\u200b-\\u200f\\u2060\\ufeff•*·‣▪◦–—-]{0,12}'
/** A '#' as keyboards and autocorrection have it (half or full width), and a word. */
const COMMAND_LINE = new RegExp(`^${BEFORE}[#＃﹟]\\s?(\\p{L}[\\p{L}‐‑–-]{1,30})[:：.!]?(?:\\s+(.{0,500}))?$`, 'u')
const MOST_LINES = 60
/** A line is looked at whole only up to here: more is prose. */
const MOST_LENGTH = 600

/**
 * The commands in the first lines of an agent's text: lines that begin with '#' and a word, up to the first line that does
 * not; empty lines between them do not matter (Outlook makes some). What follows a command without a value on its line
 * belongs to the text. Letters may be upper or lower case. Give it the reply alone: what is quoted commands nothing.
 */
export function readCommands(text: string): CommandLines {
  const lines = text.split('\n', MOST_LINES)
  const found: CommandLines = { commands: [], text: '', refused: [] }
  const rest: string[] = []
  let end = 0
  for (const [at, line] of lines.entries()) {
    if (isBlank(line)) continue
    const match = line.length > MOST_LENGTH ? null : COMMAND_LINE.exec(line.trimEnd())
    if (!match?.[1]) break
    const words = readLine(found, line.trim().slice(0, 120), match[1], match[2]?.trim() ?? '')
    if (words) rest.push(words)
    end = at + 1
  }
  const below = end === 0 ? text : afterLines(text, end)
  found.text = [...rest, below].join('\n').trim()
  return found
}

/** Reads one line into `found`; what belongs to the text comes back. */
function readLine(found: CommandLines, line: string, word: string, after: string): string {
  const name = word.toLowerCase().replace(/[‐‑–]/g, '-')
  const form = own(COMMANDS, own(ALIASES, name) ?? name)
  const command = form ? form.read(form.takes === 'value' ? cleanValue(after) : '') : 'unknown'
  if (typeof command === 'string') found.refused.push({ line, why: command })
  else found.commands.push({ line, command })
  return form?.takes === 'none' ? after : ''
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

/** A value without the quotation marks, full stops and odd spaces that a client's typography gave it. */
function cleanValue(value: string): string {
  return value
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'“”„‟«»‘’‚]+|[\s"'“”„‟«»‘’‚.!,;]+$/g, '')
}

function isBlank(line: string): boolean {
  return /^[\s\u200b-\u200f\u2060\ufeff]*$/.test(line)
}

function afterLines(text: string, count: number): string {
  let at = 0
  for (let line = 0; line < count; line++) {
    const next = text.indexOf('\n', at)
    if (next < 0) return ''
    at = next + 1
  }
  return text.slice(at)
}
