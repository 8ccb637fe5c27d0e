import type { Language } from '../model/language.ts'
import type { Words } from './words.ts'

/** Dates, counts and sizes as one language writes them, by Intl. Times are ISO 8601 UTC, time zones IANA names. */
export interface Formats {
  /** '20. november 2026 kl. 11.00 CET': names its clock, for a reader who lives by another one. */
  moment: (at: string, timeZone: string) => string
  /** 'fredag den 20. november 2026'. */
  day: (at: string, timeZone: string) => string
  /** '20. nov. 2026'. */
  date: (at: string, timeZone: string) => string
  number: (value: number) => string
  /** '1 sag', '2 sager': of the strings `<key>.one`, `<key>.other` the one that fits the number, which stands at {n}. */
  count: (key: string, value: number) => string
  /** '12,3 MB'. A MB is 2^20 bytes, as in the limits. */
  size: (bytes: number) => string
}

/** Which of Intl's ways of writing; English is that of Europe, where the day stands before the month. */
const LOCALES: Readonly<Record<Language, string>> = { da: 'da', nb: 'nb', sv: 'sv', en: 'en-GB' }
const MOMENT: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
}

/** The categories of number that all our languages tell apart (CLDR): 1, and everything else. */
export const PLURALS = ['one', 'other'] as const

/** The formats of one language. They throw a RangeError at a time or a time zone that is none. */
export function formatsOf(language: Language, words: Words): Formats {
  const locale = LOCALES[language]
  const whole = new Intl.NumberFormat(locale)
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const plural = new Intl.PluralRules(locale)
  return {
    moment: clock(locale, MOMENT),
    day: clock(locale, { dateStyle: 'full' }),
    date: clock(locale, { dateStyle: 'medium' }),
    number: (value) => whole.format(value),
    count: (key, value) => (words[`${key}.${plural.select(value)}`] ?? '{n}').replace('{n}', () => whole.format(value)),
    size: (bytes) =>
      bytes < 1_048_576 ? `${tenths.format(bytes / 1_024)} kB` : `${tenths.format(bytes / 1_048_576)} MB`,
  }
}

/** Making a formatter takes longer than a whole mail, so that there is one for each time zone, made when it is first met. */
function clock(locale: string, options: Intl.DateTimeFormatOptions): (at: string, timeZone: string) => string {
  const formats = new Map<string, Intl.DateTimeFormat>()
  return (at, timeZone) => {
    let format = formats.get(timeZone)
    if (!format) {
      format = new Intl.DateTimeFormat(locale, { ...options, timeZone })
      formats.set(timeZone, format)
    }
    return format.format(Date.parse(at))
  }
}
