import { PRIORITIES, type Priority, type Status } from '../model/case.ts'

/** What an agent asks for in the first lines of a mail, as it was written: names and numbers are not looked up yet. */
export type Command =
  | { kind: 'note' | 'public' | 'solved' | 'split' | 'admit' | 'reset' | 'undo' | 'help' }
  | { kind: 'status'; status: Exclude<Status, 'new' | 'solved'> }
  | { kind: 'assign'; to: string }
  | { kind: 'priority'; priority: Priority }
  | { kind: 'tag' | 'untag'; tags: string[] }
  | { kind: 'field'; field: 'product' | 'category'; value: string | null }
  | { kind: 'contact'; address: string }
  | { kind: 'cc'; addresses: string[] }
  | { kind: 'merge' | 'move'; number: number }

/** Why a command line was not carried out: a key of the mail texts (`refused.…` in templates/strings). */
export type Refused =
  | 'unknown'
  | 'no-value'
  | 'bad-status'
  | 'bad-priority'
  | 'bad-public'
  | 'bad-number'
  | 'bad-address'
  | 'not-together'
  | 'no-agent'
  | 'several-agents'
  | 'agent-address'
  | 'own-address'
  | 'no-case'
  | 'same-case'
  | 'closed-case'
  | 'no-comment'
  | 'agents-comment'
  | 'nothing-held'
  | 'no-portal'
  | 'unproven-contact'
  | 'suppressed-contact'
  | 'disabled-account'
  | 'nothing-to-undo'
  | 'changed-since'

export interface CommandForm {
  /** How it is written, for the list that #help gives. */
  usage: string
  /** 'none': what follows on the line belongs to the text. 'value': the line is the command's. */
  takes: 'none' | 'value'
  read: (value: string) => Command | Refused
}

const MOST_TAGS = 20
const MOST_ADDRESSES = 20
const ADDRESS = /[^\s<>"'(),;:[\]]+@[^\s<>"'(),;:[\]]+/g
const NOTHING = new Set(['none', 'nothing', 'ingen', 'inget', '-'])

/** The statuses that a command may set, with the spellings that are known for them. */
const STATUS_WORDS: Readonly<Record<string, Command>> = {
  open: { kind: 'status', status: 'open' },
  pending: { kind: 'status', status: 'pending' },
  hold: { kind: 'status', status: 'hold' },
  'on-hold': { kind: 'status', status: 'hold' },
  solved: { kind: 'solved' },
  closed: { kind: 'status', status: 'closed' },
}

const plain = (usage: string, command: Command): CommandForm => ({ usage, takes: 'none', read: () => command })
const value = (usage: string, read: CommandForm['read']): CommandForm => ({
  usage,
  takes: 'value',
  read: (written) => (written === '' ? 'no-value' : read(written)),
})

/** Every command by its name, in the order in which #help lists them. The names are those of Zendesk's Mail API where it has one. */
export const COMMANDS: Readonly<Record<string, CommandForm>> = {
  note: plain('#note', { kind: 'note' }),
  solved: plain('#solved', { kind: 'solved' }),
  open: plain('#open', { kind: 'status', status: 'open' }),
  pending: plain('#pending', { kind: 'status', status: 'pending' }),
  hold: plain('#hold', { kind: 'status', status: 'hold' }),
  closed: plain('#closed', { kind: 'status', status: 'closed' }),
  status: value('#status open', (word) => STATUS_WORDS[word.toLowerCase().replace(/\s/g, '-')] ?? 'bad-status'),
  public: value('#public false', readPublic),
  assign: value('#assign me', (to) => ({ kind: 'assign', to })),
  priority: value('#priority high', readPriority),
  tag: value('#tag invoice printer', (text) => ({ kind: 'tag', tags: readTags(text) })),
  untag: value('#untag invoice', (text) => ({ kind: 'untag', tags: readTags(text) })),
  product: value('#product Alfa', (text) => readField('product', text)),
  category: value('#category Billing', (text) => readField('category', text)),
  contact: value('#contact kim@example.com', readContact),
  cc: value('#cc lee@example.com', readCc),
  merge: value('#merge 12', (text) => readNumber('merge', text)),
  split: plain('#split', { kind: 'split' }),
  move: value('#move 12', (text) => readNumber('move', text)),
  admit: plain('#admit', { kind: 'admit' }),
  reset: plain('#reset', { kind: 'reset' }),
  undo: plain('#undo', { kind: 'undo' }),
  help: plain('#help', { kind: 'help' }),
}

/** Other names that a command goes by. */
export const ALIASES: Readonly<Record<string, string>> = {
  internal: 'note',
  solve: 'solved',
  close: 'closed',
  'on-hold': 'hold',
  assignee: 'assign',
  tags: 'tag',
  requester: 'contact',
  'reset-password': 'reset',
}

function readPublic(text: string): Command | Refused {
  const word = text.toLowerCase()
  if (['false', 'no', 'off'].includes(word)) return { kind: 'note' }
  return ['true', 'yes', 'on'].includes(word) ? { kind: 'public' } : 'bad-public'
}

function readPriority(text: string): Command | Refused {
  const priority = PRIORITIES.find((it) => it === text.toLowerCase())
  return priority ? { kind: 'priority', priority } : 'bad-priority'
}

/** Tags are words in lower case; commas and '#' between them are a habit of other programs. */
function readTags(text: string): string[] {
  const words = text.toLowerCase().split(/[\s,;]+/)
  const tags = words.map((word) => word.replace(/^#/, '').slice(0, 50)).filter((word) => word !== '')
  return [...new Set(tags)].slice(0, MOST_TAGS)
}

function readField(field: 'product' | 'category', text: string): Command {
  return { kind: 'field', field, value: NOTHING.has(text.toLowerCase()) ? null : text.slice(0, 200) }
}

function readContact(text: string): Command | Refused {
  const [address, ...more] = addressesIn(text)
  return address === undefined || more.length > 0 ? 'bad-address' : { kind: 'contact', address }
}

function readCc(text: string): Command | Refused {
  const addresses = addressesIn(text)
  return addresses.length === 0 || addresses.length > MOST_ADDRESSES ? 'bad-address' : { kind: 'cc', addresses }
}

/** Addresses as mail clients leave them: 'Kim <kim@x>', 'kim@x <mailto:kim@x>'. */
function addressesIn(text: string): string[] {
  const found = text.match(ADDRESS) ?? []
  return [...new Set(found.map((address) => address.replace(/[.!?]+$/, '').toLowerCase()))]
}

function readNumber(kind: 'merge' | 'move', text: string): Command | Refused {
  const digits = /^#?\s?(\d{1,9})$/.exec(text)?.[1]
  return digits ? { kind, number: Number(digits) } : 'bad-number'
}
