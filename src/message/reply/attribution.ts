import type { Line } from '../line.ts'
import { ATTRIBUTION_WORDS, QUOTING_PHRASES, UNSPACED_VERBS } from '../markers/attributions.ts'
import { type Intro, isBlank, nextText, previousText } from './parts.ts'
import { separatorOf } from './separator.ts'

/** No attribution is longer; what is longer is prose and is not looked at. */
const LONGEST = 500
const MOST_LINES = 5

/** Clients wrap between these columns: a line that could have held the next word was not wrapped. */
const WRAP_COLUMN = 62

const OWN_WORDS_OF_VERB = ownWordsOfVerb()
const OPENERS = new Set(Object.values(ATTRIBUTION_WORDS).flatMap((words) => words.openers.split(' ').filter(Boolean)))

const COLON_OR_DASHES = /[:：]["”»*_\s]*$|[-–—>]\s*$/

/** What a line shows of an attribution; `own` is a sentence of the author's: 'I wrote to Kim:'. */
interface Signs {
  words: number
  verb: boolean
  verbAtEnd: boolean
  quoting: boolean
  own: boolean
  /** It begins as clients' lines do: 'On …', '4.5.2026 …'. */
  opener: boolean
  /** It begins with a name in quotation marks. */
  nameFirst: boolean
  email: boolean
  /** The address stands in angle brackets, as clients write it. */
  bracketed: boolean
  date: boolean
  time: boolean
  colon: boolean
}

/**
 * The attribution that stands right above the quoted line `below` ('Den 3. maj kl. 10.11 skrev Kim:', also wrapped over
 * several lines, without a verb, or in a language of which no word is known), or null. Looks no higher than `floor`.
 */
export function attributionAbove(lines: readonly Line[], below: number, floor: number): Intro | null {
  const last = previousText(lines, below)
  if (last < floor || below - last > 3 || isIntroducedInside(lines, below)) return null
  return attributionEndingAt(lines, last, floor, aboveQuote)
}

/** Apple Mail quotes the attribution too: then the line above the quote is the author's. */
function isIntroducedInside(lines: readonly Line[], first: number): boolean {
  for (let last = first; last < first + 3; last++) {
    if (!mayEnd(lines[last]?.text ?? '')) continue
    const inside = attributionEndingAt(lines, last, first, aboveQuote)
    const below = nextText(lines, last + 1)
    return inside?.first === first && inside.confidence >= 0.8 && lines[below]?.depth === lines[first]?.depth
  }
  return false
}

/**
 * The attribution that ends with line `last` and introduces a mail that is not marked as quoted, or null. Asks for more
 * than attributionAbove: 'On Monday Kim wrote:' is followed by somebody's own words as often.
 */
export function attributionOfUnquoted(lines: readonly Line[], last: number, floor: number): Intro | null {
  const line = lines[last]
  if (line === undefined || line.text.length > LONGEST || !mayEnd(line.text)) return null
  if (!COLON_OR_DASHES.test(line.text) && !isBlank(lines[last + 1])) return null
  if ((lines[nextText(lines, last + 1)]?.depth ?? 0) > 0) return null
  const attribution = attributionEndingAt(lines, last, floor, aboveUnquoted)
  return attribution !== null && standsApart(lines, attribution) ? attribution : null
}

/** It begins a paragraph, or names the address as clients do: the lines of a log do neither. */
function standsApart(lines: readonly Line[], { first, last }: Intro): boolean {
  const above = lines[first - 1]
  if (above === undefined || isBlank(above) || above.depth > 0 || separatorOf(above) !== null) return true
  return lines.slice(first, last + 1).some(({ text }) => /<[^<>@\s]+@/.test(text))
}

/** A quick look at each line before the close one: a colon or dashes at the end, or an address (the verb ends it). */
function mayEnd(text: string): boolean {
  return text.includes('@') || COLON_OR_DASHES.test(text)
}

function attributionEndingAt(
  lines: readonly Line[],
  last: number,
  floor: number,
  judge: (signs: Signs) => number,
): Intro | null {
  let best = null as Intro | null
  let text = ''
  const depth = lines[last]?.depth
  for (let first = last; first >= floor && first > last - MOST_LINES; first--) {
    const line = lines[first]
    if (line === undefined || isBlank(line) || line.depth !== depth) break
    const complete = best !== null && !lacksName(lines[first + 1])
    if (first < last && !continues(line.text, lines[first + 1]?.text ?? '', complete)) break
    text = text === '' ? line.text : `${line.text} ${text}`
    if (text.length > LONGEST) break
    const confidence = judge(signsOf(text))
    const better =
      confidence > (best?.confidence ?? 0) || (confidence === best?.confidence && lacksName(lines[best.first]))
    if (better) best = { first, last, kind: 'original', confidence, because: 'an attribution' }
  }
  return best
}

/** The name stands on the line above where a line begins with the address. */
function lacksName(line: Line | undefined): boolean {
  return line !== undefined && /^\s*[<([]?[^\s@]+@/.test(line.text)
}

/** Whether `lower` is the wrapped rest of `upper`; `complete`: it could stand alone, so that only its column tells. */
function continues(upper: string, lower: string, complete: boolean): boolean {
  const end = upper.trimEnd()
  if (/[!?:：]$/.test(end) || (end.endsWith('.') && !/(?:^|[\s.])(?:\p{L}{1,5}|\p{Nd}{1,2})\.$/u.test(end)))
    return false
  const word = /^\s*\S*/.exec(lower.slice(0, 200))?.[0].length ?? 0
  if (end.length + 1 + word > WRAP_COLUMN || /^\s*[<([]/.test(lower) || end.lastIndexOf('<') > end.lastIndexOf('>'))
    return true
  return !complete && !end.endsWith('.') && startsLikeAttribution(upper)
}

function startsLikeAttribution(text: string): boolean {
  const word = /\p{L}+/u.exec(text.slice(0, 60))?.[0] ?? ''
  return OPENERS.has(word.toLowerCase()) || /^\s*\P{L}{0,3}\p{Nd}/u.test(text)
}

function aboveQuote(signs: Signs): number {
  const { verb, email, date, time } = signs
  if (signs.words > 60 || (signs.own && !email)) return 0
  if (!signs.colon) return withoutColon(signs)
  if (signs.quoting) return 0.95
  if (verb && (date || time)) return email ? 0.99 : 0.98
  if (email && (date || time)) return 0.95
  if (verb && email) return 0.93
  if (verb && signs.words > 1 && signs.words <= 9) return 0.85
  if (email && signs.words <= 12) return 0.8
  if (date && time && signs.words <= 20) return 0.8
  return (date || time) && signs.words <= 10 ? 0.7 : 0
}

/** Nextcloud writes '"Kim" kim@example.org – 3. maj 2024 kl. 10.11', Roundcube in Slovenian '…, je Kim napisal'. */
function withoutColon(signs: Signs): number {
  if (signs.email && signs.date && (signs.time || signs.words <= 10) && signs.words <= 25) return 0.9
  return signs.verbAtEnd && (signs.date || signs.time) ? 0.85 : 0
}

function aboveUnquoted(signs: Signs): number {
  const { verb, email, date, time } = signs
  if (signs.own || signs.words > 40) return 0
  if (!signs.colon) return (signs.verbAtEnd || signs.nameFirst) && email && date && time ? 0.85 : 0
  if (email && (verb || signs.quoting) && (date || time)) return 0.9
  if (email && date && time) return 0.85
  if (date && signs.bracketed && signs.words <= 12) return 0.7
  if (signs.verbAtEnd && signs.bracketed && signs.words <= 16) return 0.75
  return verb && date && time ? (signs.opener ? 0.6 : 0.4) : 0
}

function signsOf(text: string): Signs {
  const plain = text.normalize('NFC').replace(/[\ufeff\u200b-\u200f\u202a-\u202e]/g, '')
  const bare = plain.replace(/^[\s*_>|-]+/, '').trimEnd()
  const words = bare.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []
  const verb = verbOf(words)
  return {
    words: words.length,
    verb: verb.at >= 0 || UNSPACED_VERBS.some((unspaced) => bare.includes(unspaced)),
    verbAtEnd: verb.at >= 0 && verb.at >= words.length - 2,
    quoting: startsWithQuoting(bare.toLowerCase()),
    own: verb.own,
    opener: startsLikeAttribution(bare),
    nameFirst: /^"[^"]/.test(bare),
    email: /[^\s<>()[\]]@[^\s<>()[\]]/.test(bare),
    bracketed: /<[^\s<>]+@[^\s<>]+>/.test(bare),
    date: /\p{Nd}{1,4}[-./]\s?\p{Nd}{1,2}[-./]\s?\p{Nd}{2,4}|(?<!\p{Nd})(?:19|20)\p{Nd}\p{Nd}(?!\p{Nd})|\p{Nd}年/u.test(
      bare,
    ),
    time: /(?<![\p{Nd}.])\p{Nd}{1,2}[:.h∶：時時]\p{Nd}{2}(?![\p{Nd}.]\p{Nd})/u.test(bare),
    colon: /[:：﹕]["”»*_\s]*$/.test(bare) || /^\s*[-–—>]{2}.*[-–—>]{2}\s*$/.test(plain),
  }
}

function verbOf(words: readonly string[]): { at: number; own: boolean } {
  for (let at = words.length - 1; at >= 0; at--) {
    const own = OWN_WORDS_OF_VERB.get(words[at] ?? '')
    if (own !== undefined) {
      return {
        at,
        own: [words[at - 1], words[at + 1]].some((word) => word !== undefined && own.has(word)),
      }
    }
  }
  return { at: -1, own: false }
}

function startsWithQuoting(text: string): boolean {
  return QUOTING_PHRASES.some((phrase) => text.startsWith(phrase) && !/\p{L}/u.test(text.charAt(phrase.length)))
}

function ownWordsOfVerb(): Map<string, Set<string>> {
  const map = new Map<string, Set<string>>()
  for (const { verbs, own } of Object.values(ATTRIBUTION_WORDS)) {
    for (const verb of verbs.split(' ')) {
      const words = map.get(verb) ?? new Set<string>()
      for (const word of own.split(' ').filter(Boolean)) words.add(word)
      map.set(verb, words)
    }
  }
  return map
}
