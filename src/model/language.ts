/** The languages that Posthorn writes in. Mail in any language is read. */
export const LANGUAGES = ['da', 'nb', 'sv', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value)
}

/** The language to write in for a guess made from a mail ('nn' and 'no' read bokmål), or null where we do not write it. */
export function writtenLanguage(guess: string | null): Language | null {
  if (guess === 'nn' || guess === 'no') return 'nb'
  return isLanguage(guess) ? guess : null
}
