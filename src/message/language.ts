import { CYRILLIC_WORDS, LANGUAGE_ENDINGS, LANGUAGE_LETTERS, LANGUAGE_WORDS } from './markers/language-words.ts'

/** Enough to be sure, little enough to be quick. */
const MOST_CHARACTERS = 2000
/** What the winner must have in all, and ahead of the next: below, nothing is said. */
const LEAST_SCORE = 0.5
const LEAST_LEAD = 0.12

const LANGUAGES = [...Object.keys(LANGUAGE_WORDS), ...Object.keys(CYRILLIC_WORDS)]

/** Alternating index of the language and weight: flat, as it is read for every word of every mail. */
type Weights = readonly number[]

const WORDS = wordWeights()
const LETTERS = new Map(
  Object.entries(LANGUAGE_LETTERS).map(([letter, weights]) => [letter.charCodeAt(0), flat(weights)]),
)
const ENDINGS = new Map(LANGUAGE_ENDINGS.map(([ending, weights]) => [ending, flat(weights)]))

/**
 * The language of the author's own words as a BCP 47 primary tag ('da', 'nb', 'nn', 'sv', 'en', 'fi', 'is', 'de' …), or
 * null where they say too little. Pass the reply alone: quoted mails and signatures have a language of their own. By
 * common words, letters and endings; by script alone where one language has the script to itself. O(1): the first
 * 2,000 characters are read.
 */
export function guessLanguage(text: string): string | null {
  const sample = text.slice(0, MOST_CHARACTERS).toLowerCase().normalize('NFC')
  const script = languageOfScript(sample)
  if (script !== null) return script
  const scores = new Float64Array(LANGUAGES.length)
  addLetters(sample, scores)
  for (const word of wordsOf(sample)) {
    const weights = WORDS.get(word)
    if (weights === undefined) addEnding(word, scores)
    else add(scores, weights)
  }
  return winner(scores)
}

function winner(scores: Float64Array): string | null {
  let best = 0
  for (let index = 1; index < scores.length; index++) if ((scores[index] ?? 0) > (scores[best] ?? 0)) best = index
  let next = 0
  for (const [index, score] of scores.entries()) if (index !== best && score > next) next = score
  const score = scores[best] ?? 0
  if (score < LEAST_SCORE) return null
  return score - next >= LEAST_LEAD ? (LANGUAGES[best] ?? null) : likelierNorwegian(scores, score)
}

/** Where only Norwegian fits but nothing tells its two forms apart, it is bokmål nine times out of ten. */
function likelierNorwegian(scores: Float64Array, score: number): string | null {
  const rivals = LANGUAGES.filter((_, index) => score - (scores[index] ?? 0) < LEAST_LEAD)
  return rivals.every((language) => language === 'nb' || language === 'nn') ? 'nb' : null
}

/** Addresses of web pages and mailboxes are no words of any language. */
function wordsOf(sample: string): string[] {
  const plain = /@|:\/\/|www\./u.test(sample)
    ? sample
        .split(/\s+/u)
        .filter((token) => !/@|:\/\/|^www\./u.test(token))
        .join(' ')
    : sample
  return plain.split(/[\s!-&(-@[-`{-~\u00a0-\u00bf\u2000-\u2018\u201a-\u206f]+/u)
}

function addLetters(sample: string, scores: Float64Array): void {
  for (let at = 0; at < sample.length; at++) {
    const code = sample.charCodeAt(at)
    if (code < 0xa1) continue
    const weights = LETTERS.get(code)
    if (weights !== undefined) add(scores, weights)
  }
}

function addEnding(word: string, scores: Float64Array): void {
  for (let length = 3; length <= 6 && length < word.length - 1; length++) {
    const weights = ENDINGS.get(word.slice(-length))
    if (weights !== undefined) add(scores, weights)
  }
}

function add(scores: Float64Array, weights: Weights): void {
  for (let at = 0; at < weights.length; at += 2) {
    const index = weights[at] ?? 0
    scores[index] = (scores[index] ?? 0) + (weights[at + 1] ?? 0)
  }
}

function flat(weights: Readonly<Record<string, number>>): number[] {
  return Object.entries(weights).flatMap(([language, weight]) => [LANGUAGES.indexOf(language), weight])
}

/** A word speaks for each of its languages the less, the more of them share it. */
function wordWeights(): ReadonlyMap<string, Weights> {
  const owners = new Map<string, Set<string>>()
  for (const [language, words] of [...Object.entries(LANGUAGE_WORDS), ...Object.entries(CYRILLIC_WORDS)]) {
    for (const word of words.split(' ')) owners.set(word, (owners.get(word) ?? new Set()).add(language))
  }
  const weights = [...owners].map(([word, languages]): [string, number[]] => {
    const weight = (word.length < 2 ? 0.5 : 1) / languages.size
    return [word, flat(Object.fromEntries([...languages].map((language) => [language, weight])))]
  })
  return new Map(weights)
}

interface Scripts {
  latin: number
  han: number
  kana: number
  [language: string]: number
}

/** The language of a script that has one (or nearly one); null for Latin and Cyrillic, which need a closer look. */
function languageOfScript(sample: string): string | null {
  const seen: Scripts = { latin: 0, cyrillic: 0, han: 0, kana: 0, ko: 0, el: 0, he: 0, ar: 0, fa: 0, th: 0, hi: 0 }
  for (let at = 0; at < sample.length; at++) {
    const code = sample.charCodeAt(at)
    if (code > 0x60 && code < 0x250) seen.latin++
    else if (code >= 0x370) seen[scriptOf(code)] = (seen[scriptOf(code)] ?? 0) + 1
  }
  // One ideogram says as much as several letters.
  if (seen.kana > 0 && (seen.kana + seen.han) * 3 > seen.latin) return 'ja'
  if (seen.han > 1 && seen.han * 3 > seen.latin) return 'zh'
  if ((seen.ko ?? 0) * 3 > seen.latin && (seen.ko ?? 0) > 1) return 'ko'
  if ((seen.fa ?? 0) > 0 && (seen.ar ?? 0) > seen.latin) return 'fa'
  return ['el', 'he', 'ar', 'th', 'hi'].find((language) => (seen[language] ?? 0) > Math.max(2, seen.latin)) ?? null
}

function scriptOf(code: number): string {
  if (code < 0x400) return 'el'
  if (code < 0x530) return 'cyrillic'
  if (code >= 0x590 && code < 0x600) return 'he'
  if (code === 0x67e || code === 0x686 || code === 0x698 || code === 0x6af || code === 0x6cc) return 'fa'
  if (code >= 0x600 && code < 0x780) return 'ar'
  if (code >= 0x900 && code < 0x980) return 'hi'
  if (code >= 0xe00 && code < 0xe80) return 'th'
  if (code >= 0x1f00 && code < 0x2000) return 'el'
  if (code >= 0x3040 && code < 0x3100) return 'kana'
  if (code >= 0xac00 && code < 0xd7b0) return 'ko'
  return code >= 0x3400 && code < 0xa000 ? 'han' : 'other'
}
