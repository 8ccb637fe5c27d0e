import { LANGUAGES, type Language } from '../model/language.ts'

/** The strings of one language by key (templates/strings/<language>.json). */
export type Words = Readonly<Record<string, string>>

/** Strings for every language. Throws when one is not text, or when the languages do not have the same keys. */
export function checkWords(byLanguage: Record<Language, unknown>): Record<Language, Words> {
  const words = {} as Record<Language, Words>
  for (const language of LANGUAGES) words[language] = oneLanguage(language, byLanguage[language])
  const keys = new Set(LANGUAGES.flatMap((language) => Object.keys(words[language])))
  const missing = LANGUAGES.flatMap((language) =>
    [...keys].filter((key) => !(key in words[language])).map((key) => `${language}.json lacks '${key}'`),
  )
  if (missing.length > 0) throw new Error(`templates/strings: ${missing.join('; ')}`)
  return words
}

function oneLanguage(language: Language, value: unknown): Words {
  if (typeof value !== 'object' || value === null)
    throw new Error(`templates/strings/${language}.json is no JSON object`)
  const words: Record<string, string> = {}
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string' || text === '')
      throw new Error(`templates/strings/${language}.json: '${key}' must be a text that is not empty`)
    words[key] = text
  }
  return words
}

const WORD = /\{\{word "([^"]+)"\}\}/g

/** Puts strings in place of `{{word "key"}}`. A string may have holes of its own. Throws at a key that is not there. */
export function fillWords(file: string, source: string, words: Words): string {
  return source.replace(WORD, (_, key: string) => wordOf(file, words, key))
}

/** One string, or an Error that names the file that asked for it. */
export function wordOf(file: string, words: Words, key: string): string {
  const text = words[key]
  if (text === undefined) throw new Error(`${file}: there is no string '${key}' in templates/strings`)
  return text
}
