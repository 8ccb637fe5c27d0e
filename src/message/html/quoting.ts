import type { LineHint } from '../line.ts'
import {
  CLASS_PREFIXES,
  GMAIL_FORWARD,
  QUOTING_BLOCKQUOTES,
  ROLE_OF_CLASS,
  ROLE_OF_DATA_MARKER,
  ROLE_OF_ELEMENT,
  ROLE_OF_ID,
  ROLE_OF_NAME,
  type Role,
} from './markers.ts'
import type { StyleFacts } from './style.ts'

export type Attributes = Record<string, string>

const MAX_TOKEN = 100

/** What client markup says about an element: a quoted mail, a forward or a signature begins with it; null where it says nothing. */
export function roleOf(name: string, attributes: Attributes, style: StyleFacts): Role | null {
  if (style.quoteBorder !== null && name === 'div') return style.quoteBorder === 'mail' ? 'quote-box' : 'quote'
  return (
    roleOfClasses(attributes.class) ??
    (attributes.id === undefined ? null : roleIn(ROLE_OF_ID, bareId(attributes.id))) ??
    roleIn(ROLE_OF_NAME, attributes.name) ??
    roleIn(ROLE_OF_DATA_MARKER, attributes['data-marker']) ??
    roleIn(ROLE_OF_ELEMENT, name)
  )
}

/** A blockquote that a client made for a quoted mail, not one that an author indented or cited something with. */
export function isQuotedMail(attributes: Attributes, style: StyleFacts): boolean {
  if (attributes.type?.toLowerCase() === 'cite' || attributes.cite !== undefined || style.lineAtLeft) return true
  const tokens = [...tokensOf(attributes.class ?? ''), bareId(attributes.id ?? '')]
  return tokens.some((token) => QUOTING_BLOCKQUOTES.has(token) || token.includes('quote'))
}

/** 'On Dec 23, 2014, at 04:35 PM, Kim wrote:' in any language: what makes a blockquote without any mark a quoted mail. */
export function looksLikeIntroduction(line: string): boolean {
  if (!line.endsWith(':') && !line.endsWith('：')) return false
  return line.includes('@') || /\d{1,2}[:.]\d\d|\b(?:19|20)\d\d\b/.test(line)
}

function roleOfClasses(classes: string | undefined): Role | null {
  if (classes === undefined) return null
  for (const token of tokensOf(classes)) {
    const role = ROLE_OF_CLASS.get(token)
    if (role !== undefined) return role
  }
  return null
}

function roleIn(roles: Map<string, Role>, mark: string | undefined): Role | null {
  if (mark === undefined || mark === '') return null
  return roles.get(mark.toLowerCase()) ?? null
}

function tokensOf(classes: string): string[] {
  return classes.slice(0, 1_000).toLowerCase().split(' ').map(bareToken)
}

const bareToken = (token: string) => token.slice(0, MAX_TOKEN).replace(CLASS_PREFIXES, '')

const bareId = (id: string) => bareToken(id.toLowerCase()).replace(/[_-]?\d+$/, '')

/** What a line that a mark stands on begins: Gmail's mark for a quoted mail is a forward's too, and no quote goes on with the author. */
export function hintOf(hint: LineHint | null, line: string, depth: number): LineHint | null {
  if (hint === 'signature-end' && depth > 0) return null
  return hint === 'quote-start' && line.startsWith(GMAIL_FORWARD) ? 'forward-start' : hint
}
