import { CHARSETS, ENCODINGS, HEADERS, STRANGE, TOKENS, VALUES } from './bad-pieces.ts'

/** A number of 0 to 1, the next of a seeded row. */
export type Random = () => number

/** One way to damage a mail. */
type Mutation = (mail: Buffer, random: Random, corpus: readonly Buffer[]) => Buffer

const LARGEST = 1_500_000
/** One mutation in so many may make a mail of up to a megabyte; the others stay small, so that many can be tried. */
const LARGE_ONE_IN = 60

/** A mail of the corpus with one to four kinds of damage; the same for the same row of numbers. */
export function mutate(corpus: readonly Buffer[], random: Random): { mail: Buffer; what: string[] } {
  let mail = pick(corpus, random)
  const what: string[] = []
  for (let left = 1 + below(4, random); left > 0; left--) {
    const [name, mutation] = pick(Object.entries(MUTATIONS), random)
    mail = mutation(mail, random, corpus).subarray(0, LARGEST)
    what.push(name)
  }
  return { mail, what }
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit)
}

function pick<T>(list: readonly T[], random: Random): T {
  const one = list[below(list.length, random)]
  if (one === undefined) throw new Error('there is nothing to pick from')
  return one
}

/** Latin-1 keeps every byte as it is. */
const textOf = (mail: Buffer) => mail.toString('latin1')
const mailOf = (text: string) => Buffer.from(text, 'latin1')

function insert(mail: Buffer, at: number, piece: string): Buffer {
  return Buffer.concat([mail.subarray(0, at), Buffer.from(piece, 'utf8'), mail.subarray(at)])
}

function onLines(change: (lines: string[], random: Random) => void): Mutation {
  return (mail, random) => {
    const lines = textOf(mail).split('\n')
    change(lines, random)
    return mailOf(lines.join('\n'))
  }
}

/** How often a piece is repeated: mostly some thousand characters in all, now and then a megabyte. */
function times(length: number, random: Random): number {
  const size = below(LARGE_ONE_IN, random) === 0 ? 1_000_000 : 10 ** (1 + random() * 3.7)
  return Math.max(1, Math.floor(size / Math.max(1, length)))
}

/** Index behind the header block. */
function bodyStart(mail: Buffer): number {
  const at = /\r?\n\r?\n/.exec(textOf(mail))
  return at ? at.index + at[0].length : mail.length
}

const MUTATIONS: Record<string, Mutation> = {
  bits: (mail, random) => {
    const changed = Buffer.from(mail)
    for (let left = 1 + below(20, random); left > 0 && mail.length > 0; left--) {
      const at = below(mail.length, random)
      changed[at] = (changed[at] ?? 0) ^ (1 << below(8, random))
    }
    return changed
  },
  bytes: (mail, random) => {
    const changed = Buffer.from(mail)
    for (let left = 1 + below(20, random); left > 0 && mail.length > 0; left--)
      changed[below(mail.length, random)] = below(256, random)
    return changed
  },
  cut: (mail, random) => mail.subarray(0, below(mail.length + 1, random)),
  hole: (mail, random) => {
    const at = below(mail.length + 1, random)
    return Buffer.concat([mail.subarray(0, at), mail.subarray(at + below(400, random))])
  },
  'lines deleted': onLines((lines, random) => {
    lines.splice(below(lines.length, random), 1 + below(4, random))
  }),
  'lines doubled': onLines((lines, random) => {
    const at = below(lines.length, random)
    lines.splice(at, 0, ...lines.slice(at, at + 1 + below(4, random)))
  }),
  'lines swapped': onLines((lines, random) => {
    const [a, b] = [below(lines.length, random), below(lines.length, random)]
    ;[lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? '']
  }),
  header: (mail, random) => insert(mail, 0, `${pick(HEADERS, random)}: ${pick(VALUES, random)}\r\n`),
  'header value': (mail, random) => {
    const head = textOf(mail.subarray(0, bodyStart(mail)))
    const fields = [...head.matchAll(/^[\w-]+:/gm)]
    if (fields.length === 0) return mail
    const field = pick(fields, random)
    return insert(mail, field.index + field[0].length, ` ${pick(VALUES, random)}`)
  },
  boundary: (mail, random) => {
    const marks = [...textOf(mail).matchAll(/boundary="?|^--/gim)]
    if (marks.length === 0) return mail
    const mark = pick(marks, random)
    return insert(mail, mark.index + mark[0].length, pick(['x', '"', '--', ' ', '\r\n', '\0', 'ø'], random))
  },
  charset: (mail, random) => {
    const label = pick(CHARSETS, random)
    const text = textOf(mail)
    return /charset=/i.test(text)
      ? mailOf(text.replace(/charset="?[\w-]+"?/gi, `charset=${label}`))
      : insert(mail, 0, `Content-Type: text/plain; charset=${label}\r\n`)
  },
  encoding: (mail, random) => {
    const text = textOf(mail)
    const field = `Content-Transfer-Encoding: ${pick(ENCODINGS, random)}`
    return /content-transfer-encoding:/i.test(text)
      ? mailOf(text.replace(/content-transfer-encoding:.*/i, field))
      : insert(mail, 0, `${field}\r\n`)
  },
  splice: (mail, random, corpus) => {
    const other = pick(corpus, random)
    return Buffer.concat([mail.subarray(0, below(mail.length, random)), other.subarray(below(other.length, random))])
  },
  'two bodies': (mail, random, corpus) => {
    const other = pick(corpus, random)
    return Buffer.concat([mail, other.subarray(bodyStart(other))])
  },
  repetition: (mail, random) => {
    const piece = pick(TOKENS, random)
    return insert(mail, below(mail.length + 1, random), piece.repeat(times(piece.length, random)))
  },
  'repeated piece': (mail, random) => {
    const from = below(mail.length, random)
    const piece = textOf(mail.subarray(from, from + 1 + below(200, random)))
    const at = below(mail.length + 1, random)
    const repeated = mailOf(piece.repeat(times(piece.length, random)))
    return Buffer.concat([mail.subarray(0, at), repeated, mail.subarray(at)])
  },
  'nested parts': (mail, random) => {
    const type = pick(['multipart/mixed', 'multipart/alternative', 'multipart/digest', 'message/rfc822'], random)
    const depth = 1 + below(below(10, random) === 0 ? 3_000 : 40, random)
    let head = ''
    for (let i = 0; i < depth; i++) head += `Content-Type: ${type}; boundary=n${i % 500}\r\n\r\n--n${i % 500}\r\n`
    return insert(mail, 0, head)
  },
  'nested quotes': (mail, random) => {
    const text = textOf(mail)
    const marks = pick(['>', '> ', '| ', '>\t'], random).repeat(1 + below(200, random))
    const at = bodyStart(mail)
    return mailOf(text.slice(0, at) + text.slice(at).replaceAll('\n', `\n${marks}`))
  },
  'nested html': (mail, random) => {
    const element = pick(
      ['div', 'blockquote', 'table><tr><td', 'b', 'ul><li', 'font', 'span style="display:none"'],
      random,
    )
    return insert(mail, bodyStart(mail), `<${element}>`.repeat(times(element.length + 2, random)))
  },
  nul: (mail, random) => {
    let changed = mail
    for (let left = 1 + below(5, random); left > 0; left--)
      changed = insert(changed, below(changed.length, random), '\0')
    return changed
  },
  strange: (mail, random) => insert(mail, below(mail.length + 1, random), pick(STRANGE, random)),
  'raw bytes': (mail, random) => {
    const at = below(mail.length + 1, random)
    const bytes = Buffer.from(Array.from({ length: 1 + below(60, random) }, () => below(256, random)))
    return Buffer.concat([mail.subarray(0, at), bytes, mail.subarray(at)])
  },
  'line ends': (mail, random) =>
    mailOf(textOf(mail).replace(/\r?\n/g, pick(['\n', '\r', '\r\r\n', '\n\r', '\r\n'], random))),
  'as html': (mail, random) => mailOf(textOf(mail).replace(/text\/plain/i, pick(['text/html', 'TEXT/HTML'], random))),
}
