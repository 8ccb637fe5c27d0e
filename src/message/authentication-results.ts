import type { Header } from './message.ts'

/**
 * What a mail server says in an Authentication-Results header about where a mail comes from (RFC 8601), and what
 * Posthorn's own check says in the same form. Results and methods are in lower case; values are as they were written.
 */
export interface AuthenticationResults {
  /** Who checked; lower case. null where the header does not say, as Exchange's does not. */
  authservId: string | null
  results: MethodResult[]
}

export interface MethodResult {
  /** 'dkim', 'spf', 'dmarc', 'arc', 'compauth' … */
  method: string
  /** 'pass', 'fail', 'softfail', 'none', 'bestguesspass' … */
  result: string
  /** 'header.d', 'smtp.mailfrom', 'header.from' … and what some servers write without a type: 'action'. */
  properties: Record<string, string>
}

/** Stands for a server that writes no name into its headers, where a name is asked for. */
export const UNNAMED_SERVER = 'unnamed'

/**
 * One header value read by the grammar of RFC 8601 section 2.2: nested comments, quoted strings, version numbers, `none`,
 * and the odd forms of Exchange (no authserv-id). null where it cannot be read safely: a comment or a string that does not
 * end, or a comment with an odd number of quotes, through which a sender's quoted address may have got out of it.
 */
export function parseAuthenticationResults(value: string): AuthenticationResults | null {
  const segments = segmentsOf(value)
  const first = segments?.[0]
  if (!segments || !first) return null
  const named = !first.some((token) => token.kind === 'equals')
  const authservId = named ? wordOf(first[0]) : null
  if (named && !authservId) return null
  const results = (named ? segments.slice(1) : segments).map(methodOf).filter((it) => it !== null)
  return { authservId, results }
}

/**
 * What the server called `authservId` found about a mail: the block of its headers on top of all Authentication-Results.
 * A header of anybody else ends it, and so does a Received below it: from there on down everything may be the sender's own.
 * Within the block the topmost header that speaks of a method is the one that counts. null where the server wrote nothing.
 * `*.example.com` stands for every server below example.com, UNNAMED_SERVER for one that writes no name.
 */
export function resultsOfServer(headers: readonly Header[], authservId: string): MethodResult[] | null {
  const found: MethodResult[] = []
  let begun = false
  for (const { name, value } of headers) {
    if (begun && name === 'received') break
    if (name !== 'authentication-results') continue
    const parsed = parseAuthenticationResults(value)
    if (!parsed || !isServer(authservId, parsed.authservId)) break
    begun = true
    const known = new Set(found.map((it) => it.method))
    found.push(...parsed.results.filter((it) => !known.has(it.method)))
    // Exchange writes one header; a second one without a name is what came with the mail.
    if (parsed.authservId === null) break
  }
  return begun ? found : null
}

function isServer(pinned: string, written: string | null): boolean {
  const wanted = pinned.toLowerCase()
  if (written === null) return wanted === UNNAMED_SERVER
  return wanted.startsWith('*.') ? written.endsWith(wanted.slice(1)) : written === wanted
}

type Token = { kind: 'word'; text: string; at: number; end: number } | { kind: 'equals'; at: number; end: number }

/** The tokens between the semicolons, without comments. A value is read to its end, so that `b=ab==` is one. */
function segmentsOf(value: string): Token[][] | null {
  const segments: Token[][] = [[]]
  let at = 0
  while (at < value.length) {
    const char = value.charAt(at)
    const last = segments.at(-1) ?? []
    if (/\s/.test(char)) at += 1
    else if (char === ';') {
      segments.push([])
      at += 1
    } else if (char === '(') {
      const end = endOfComment(value, at)
      if (end === null) return null
      at = end
    } else if (char === '=' && last.at(-1)?.kind !== 'equals') {
      last.push({ kind: 'equals', at, end: at + 1 })
      at += 1
    } else {
      const word = wordAt(value, at, last.at(-1)?.kind === 'equals')
      if (!word) return null
      last.push(word)
      at = word.end
    }
  }
  return segments
}

/** RFC 5322 section 3.2.2: comments nest, and a backslash takes the next character's meaning away. */
function endOfComment(value: string, start: number): number | null {
  let depth = 0
  let quotes = 0
  for (let at = start; at < value.length; at += 1) {
    const char = value.charAt(at)
    if (char === '\\') at += 1
    else if (char === '"') quotes += 1
    else if (char === '(') depth += 1
    else if (char === ')') {
      depth -= 1
      if (depth === 0) return quotes % 2 === 0 ? at + 1 : null
    }
  }
  return null
}

/** A token, or a value: quoted strings and bare text that stand together, as in `"a b"@example.com`. */
function wordAt(value: string, start: number, isValue: boolean): Token | null {
  let text = ''
  let at = start
  while (at < value.length) {
    const char = value.charAt(at)
    if (char === '"') {
      const end = endOfQuote(value, at)
      if (end === null) return null
      text += value.slice(at + 1, end - 1).replace(/\\(.)/gs, '$1')
      at = end
    } else if (/[\s;(]/.test(char) || (char === '=' && !isValue)) break
    else {
      text += char
      at += 1
    }
  }
  return { kind: 'word', text, at: start, end: at }
}

function endOfQuote(value: string, start: number): number | null {
  for (let at = start + 1; at < value.length; at += 1) {
    if (value.charAt(at) === '\\') at += 1
    else if (value.charAt(at) === '"') return at + 1
  }
  return null
}

/** `method [/ version] = result`, then `reason = …` and `ptype.property = …`; null for `none`, which says nothing. */
function methodOf(tokens: Token[]): MethodResult | null {
  const [first, ...others] = pairsOf(tokens)
  if (!first || first.value === '') return null
  const method = first.key.replace(/\/\d+$/, '')
  const properties: Record<string, string> = Object.create(null)
  // A server names each property once; what is said a second time was not said by it.
  for (const { key, value } of others) properties[key] ??= value
  return { method, result: first.value.toLowerCase(), properties }
}

function pairsOf(tokens: Token[]): { key: string; value: string }[] {
  const pairs: { key: string; value: string }[] = []
  let words: string[] = []
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i]
    if (token?.kind === 'word') words.push(token.text)
    if (token?.kind !== 'equals') continue
    const next = tokens[i + 1]
    // `smtp.mailfrom= header.d=…`: an empty value, and the next word begins the next pair.
    const empty = next?.kind !== 'word' || (next.at > token.end && /^(?:header|smtp|policy|body)\.\w+=/.test(next.text))
    if (words.length > 0) pairs.push({ key: keyOf(words), value: empty ? '' : next.text })
    words = []
    if (empty && next?.kind === 'word') pairs.push(splitPair(next.text))
    if (next?.kind === 'word') i += 1
  }
  return pairs
}

function splitPair(text: string): { key: string; value: string } {
  const equals = text.indexOf('=')
  return { key: text.slice(0, equals).toLowerCase(), value: text.slice(equals + 1) }
}

/** White space and comments may stand around '/' and '.': `smtp . mailfrom`. Words that belong to nothing are left out. */
function keyOf(words: string[]): string {
  const key = words
    .join(' ')
    .replace(/ ?([./]) ?/g, '$1')
    .toLowerCase()
  return key.slice(key.lastIndexOf(' ') + 1)
}

function wordOf(token: Token | undefined): string | null {
  return token?.kind === 'word' ? token.text.toLowerCase() : null
}

/**
 * The name of the server that wrote the topmost Authentication-Results, as `resultsOfServer` takes it; null where there is
 * none. Only for a mail that is known to have come without any. One of many numbered servers (mx3.example.com) stands for
 * them all (*.example.com).
 */
export function serverOnTop(headers: readonly Header[]): string | null {
  const top = headers.find((header) => header.name === 'authentication-results')
  const parsed = top ? parseAuthenticationResults(top.value) : null
  if (!parsed) return null
  if (parsed.authservId === null) return UNNAMED_SERVER
  return parsed.authservId.replace(/^[a-z-]+\d+(?=\.[^.]+\.[^.])/, '*')
}
