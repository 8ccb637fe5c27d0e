import type { Language } from '../../model/language.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** A time (ISO 8601 UTC) as people write it: '20. nov. 2026 11.00'. */
export function moment(at: string, language: Language, timeZone: string): string {
  const key = `${language} ${timeZone}`
  const format =
    formats.get(key) ?? new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  formats.set(key, format)
  return format.format(new Date(at))
}
