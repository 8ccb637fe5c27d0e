import { MONTH_NAMES } from '../markers/month-names.ts'

const MONTH_OF_NAME = new Map(
  MONTH_NAMES.flatMap((names, index) => names.split(' ').map((name): [string, number] => [name, index + 1])),
)

/** The month (1 to 12) that a lower-case word names in any of the languages, or null. */
export function monthOfWord(word: string): number | null {
  return MONTH_OF_NAME.get(word.normalize('NFC')) ?? null
}
