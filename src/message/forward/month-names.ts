/** Languages whose month names are read; the first to claim a word keeps it ('listopad' is November in Czech and Polish). */
const LANGUAGES = (
  'en da nb nn sv fi is de fr es pt it nl pl cs sk sl hu ro bg ru uk be el tr et lv lt ja zh ko ca eu gl af vi id ms th hi ' +
  'ar fa he sr sr-Latn bs mk sq ga cy hr'
).split(' ')

/** Clients cut names in ways that CLDR does not: Thunderbird's, Gmail's and old Outlook's short forms. */
const EXTRA: Readonly<Record<string, number>> = {
  sept: 9,
  mrz: 3,
  mär: 3,
  jän: 1,
  jänner: 1,
  maj: 5,
  okt: 10,
  août: 8,
  aout: 8,
  fév: 2,
  fevr: 2,
  dez: 12,
  pdź: 10,
}

let names: Map<string, number> | null = null

/** The month (1 to 12) that a lower-case word names in any of the languages, or null. */
export function monthOfWord(word: string): number | null {
  names ??= monthNames()
  return names.get(word.normalize('NFC')) ?? null
}

/** From CLDR by way of Intl: nominative, genitive ('27 października') and short forms. Made at the first forward. */
function monthNames(): Map<string, number> {
  const known = new Map<string, number>(Object.entries(EXTRA))
  for (const language of LANGUAGES) {
    for (const options of [
      { month: 'long' },
      { month: 'long', day: 'numeric' },
      { month: 'short' },
      { month: 'short', day: 'numeric', year: 'numeric' },
    ] as const) {
      const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory-nu-latn`, { ...options, timeZone: 'UTC' })
      for (let month = 1; month <= 12; month++) claim(known, format, month)
    }
  }
  return known
}

function claim(known: Map<string, number>, format: Intl.DateTimeFormat, month: number): void {
  const part = format.formatToParts(Date.UTC(2026, month - 1, 15)).find(({ type }) => type === 'month')
  const value = (part?.value ?? '').normalize('NFKC').toLowerCase()
  // Catalan writes 'de gener'; 'tháng 11' and '11月' are no names.
  const word = /\d/u.test(value) ? undefined : (value.match(/\p{L}[\p{L}\p{M}]*/gu) ?? []).at(-1)
  if (word !== undefined && word.length > 1 && !known.has(word)) known.set(word, month)
}
