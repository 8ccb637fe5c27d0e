import type { Status } from '../model/case.ts'

/** What an agent asks for in the first lines of a mail. */
export type Command = { kind: 'note' } | { kind: 'solved' } | { kind: 'status'; status: Exclude<Status, 'solved'> }

export interface CommandLines {
  commands: Command[]
  /** The text without its command lines. */
  text: string
  /** Lines that look like a command and are none: they stop the mail from reaching the customer. */
  unknown: string[]
}

const COMMANDS: Readonly<Record<string, Command>> = {
  note: { kind: 'note' },
  internal: { kind: 'note' },
  solved: { kind: 'solved' },
  open: { kind: 'status', status: 'open' },
  pending: { kind: 'status', status: 'pending' },
  hold: { kind: 'status', status: 'hold' },
  closed: { kind: 'status', status: 'closed' },
}

/** A '#' and a word, also behind a bullet or a non-breaking space that the mail client put there. */
const COMMAND_LINE = /^[\s\u00a0•*·-]{0,8}#\s?([\p{L}][\p{L}-]{1,30})(?:[ \t\u00a0]+(.{0,200}))?$/u

/**
 * The commands in the first lines of an agent's text: lines that begin with '#' and a word, up to the first line that does not.
 * What follows a known command on its line belongs to the text. Letters may be upper or lower case.
 */
export function readCommands(text: string): CommandLines {
  const lines = text.split('\n')
  const found: CommandLines = { commands: [], text: '', unknown: [] }
  let rest = ''
  let at = 0
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.trim() === '' && found.commands.length + found.unknown.length === 0) continue
    const match = COMMAND_LINE.exec(line.trimEnd())
    if (!match?.[1]) break
    const command = COMMANDS[match[1].toLowerCase()]
    if (command) found.commands.push(command)
    else found.unknown.push(line.trim())
    if (command && match[2]) rest += `${match[2].trim()}\n`
  }
  found.text = (rest + lines.slice(at).join('\n')).trim()
  return found
}
