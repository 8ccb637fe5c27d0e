import { localPartOf } from './address.ts'

/** What stands in the place of a link that was cut out. */
export const LINK_REMOVED = '[link removed]'

/** Cuts our own secret links out of a text; the same text where it holds none. */
export type CutLinks = (text: string) => string

/** No link of ours, wrapped by whatever program, is longer. */
const MOST = 4_000
/** Marks without width, which some programs put where a line may be broken. */
const THIN = '\\u00ad\\u200b-\\u200d\\u2060\\ufeff'
/**
 * Where a line was broken within a link: with quote signs before what follows. Each text is matched in one way alone, or
 * somebody could write a mail that is never read to its end.
 */
const BREAK = `(?:=?[ \\t${THIN}]*\\r?\\n[\\s>|${THIN}]*|[${THIN}]+)?`
/** A sign as it stands, or percent-encoded once or more often, as redirects of mail filters have it. */
const encoded = (sign: string, hex: string) => `(?:${sign}|%${BREAK}(?:2${BREAK}5${BREAK}){0,3}${[...hex].join(BREAK)})`
const SLASH = encoded('/', '2f')
const COLON = encoded(':', '3a')
const DOT = encoded('\\.', '2e')
const PLUS = encoded('\\+', '2b')
const AT = encoded('@', '40')

/** 256 bits, base64url (accounts/tokens.ts). */
const TOKEN = repeated('[\\w-]', 43, 43)
/** Keys for settings and stop, and those to leave a case and to judge a solution (thread-key.ts). */
const KEY = `(?:${[
  `p${BREAK}${DOT}${BREAK}${repeated('[0-9a-z]', 1, 40)}`,
  `u${BREAK}[a-z]${BREAK}${DOT}${BREAK}${repeated('[0-9a-z]', 1, 40)}`,
  `[lyn]${BREAK}${repeated('\\d', 1, 12)}`,
].join('|')})${BREAK}${DOT}${BREAK}${repeated('[a-z2-7]', 16, 16)}`

/**
 * What cuts our own secret links out of what people write: the pages of the portal that a token or a key opens, and the mail
 * addresses that hold a key. Whoever answers a mail quotes it, and what is quoted is read by agents and participants. Found
 * where lines were broken, and within the redirects of mail filters that hold the address as it is, percent-encoded, in
 * base64 or as Proofpoint writes it; a redirect that keeps the address to itself is not known for one of ours.
 */
export function secretLinkCutter(portalUrl: string | null, mailboxes: readonly string[]): CutLinks {
  const pages = portalUrl === null ? [] : pagePatterns(new URL(portalUrl))
  const patterns = [...pages, ...mailPatterns(mailboxes)]
  return (text) => {
    const found = [...patterns.flatMap((pattern) => findAll(pattern, text)), ...inBase64(text, pages)]
    return found.length === 0 ? text : cut(text, found)
  }
}

interface Pattern {
  /** Where a text does not hold one of these, the expression finds nothing: most texts cost next to nothing. */
  needs: readonly string[]
  expression: RegExp
}
type Span = { from: number; to: number }

/** By its host and path alone: clients and redirects take the scheme apart. */
function pagePatterns({ host, pathname }: URL): Pattern[] {
  const place = host + pathname.replace(/\/+$/, '')
  const page = repeated('[a-z-]', 1, 30)
  const path = `${literal(place)}(?:${BREAK}${SLASH}${BREAK}${page}){1,3}${BREAK}${SLASH}${BREAK}`
  // https://urldefense.proofpoint.com/v2/url?u=https-3A__help.acme.test_reset_…
  const token = '(?:-2D|-5F|[a-z0-9]){43}'
  const proofpoint = `-3A__${proofpointOf(place)}(?:_(?:-2D|[a-z]){1,30}){1,3}_(?:${token}|${KEY})`
  return [
    { needs: ['/', '%'], expression: new RegExp(`${path}(?:${KEY}|${TOKEN})`, 'gi') },
    { needs: ['-3A__'], expression: new RegExp(proofpoint, 'gi') },
  ]
}

/** Addresses whose plus part is such a key, and links that begin a mail with one in the subject. */
function mailPatterns(mailboxes: readonly string[]): Pattern[] {
  const names = [...new Set(mailboxes.map(localPartOf))].map(literal)
  const address = `(?:${names.join('|')})${BREAK}${PLUS}${BREAK}${KEY}${BREAK}${AT}`
  return [
    { needs: ['+', '%'], expression: new RegExp(address, 'gi') },
    { needs: ['subject='], expression: new RegExp(`subject=(?:leave|stop)(?:%20|\\+| )${KEY}`, 'gi') },
  ]
}

function literal(text: string): string {
  return [...text].map(signOf).join(BREAK)
}

function signOf(sign: string): string {
  if (sign === '/') return SLASH
  if (sign === ':') return COLON
  if (sign === '.') return DOT
  return sign.replace(/[\\^$*+?()[\]{}|]/g, '\\$&')
}

function proofpointOf(text: string): string {
  const signs: Readonly<Record<string, string>> = { '-': '-2D', _: '-5F', ':': '-3A', '/': '_', '.': '\\.' }
  return [...text].map((sign) => signs[sign] ?? signOf(sign)).join('')
}

function repeated(sign: string, least: number, most: number): string {
  return `${sign}(?:${BREAK}${sign}){${least - 1},${most - 1}}`
}

function findAll({ needs, expression }: Pattern, text: string): Span[] {
  if (!needs.some((sign) => text.includes(sign))) return []
  return [...text.matchAll(expression)].map((match) => ({ from: match.index, to: match.index + match[0].length }))
}

/** Redirects that hold the whole address in base64 (Sophos): it begins as 'http' does. */
function inBase64(text: string, pages: readonly Pattern[]): Span[] {
  if (pages.length === 0) return []
  return findAll({ needs: ['aHR0c'], expression: /aHR0c[\w+/-]{20,4000}/g }, text).filter(({ from, to }) => {
    const address = Buffer.from(text.slice(from, to), 'base64').toString('latin1')
    return pages.some((pattern) => findAll(pattern, address).length > 0)
  })
}

function cut(text: string, found: readonly Span[]): string {
  const spans = found.map((span) => wholeLink(text, span)).sort((one, other) => one.from - other.from)
  let kept = ''
  let at = 0
  for (const { from, to } of spans) {
    if (from >= at) kept += `${text.slice(at, from)}${LINK_REMOVED}`
    at = Math.max(at, to)
  }
  return kept + text.slice(at)
}

const OUTSIDE = /[\s<>"'()[\]{}|]/

/** The whole address around what was found: back to its scheme, on to its end, without the full stop of the sentence. */
function wholeLink(text: string, { from, to }: Span): Span {
  let start = from
  while (start > 0 && from - start < MOST && !OUTSIDE.test(text.charAt(start - 1))) start -= 1
  const scheme = /https?:|mailto:/i.exec(text.slice(start, from))
  let end = to
  while (end < text.length && end - to < MOST && !OUTSIDE.test(text.charAt(end))) end += 1
  while (end > to && /[.,;:!?]/.test(text.charAt(end - 1))) end -= 1
  return { from: scheme ? start + scheme.index : from, to: end }
}
