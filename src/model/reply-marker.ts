import type { Language } from './language.ts'

/**
 * The first line of every mail that can be answered: what stands below it in an answer is our own mail quoted back.
 * The hash signs make the line recognisable in every client's quoting; the words are for people.
 */
export const REPLY_MARKERS: Record<Language, string> = {
  da: '##- Skriv dit svar over denne linje -##',
  nb: '##- Skriv svaret ditt over denne linjen -##',
  sv: '##- Skriv ditt svar ovanför den här raden -##',
  en: '##- Please write your reply above this line -##',
}
