import { readSubject } from '../markers/subject-prefixes.ts'

const FINNIC = /lähettäjä|vastaanottaja|kirjoitti|saatja:|saadetud:|kirjutas/i

/** Whether the subject says that the mail forwards another one: 'Fwd: …', 'VS: …' (an answer in Finnish and Estonian). */
export function subjectForwards(subject: string, text: string): boolean {
  const { kind, ambiguous } = readSubject(subject)
  return kind === 'forward' && !(ambiguous && FINNIC.test(text.slice(0, 4000)))
}
