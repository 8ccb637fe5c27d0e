import { FORWARD_PREFIXES } from '../markers/separators.ts'

const FINNISH = /lähettäjä|vastaanottaja|kirjoitti/i

/** Whether the subject says that the mail forwards another one: 'Fwd: …', 'VS: …' (an answer in Finnish), 'WG: …'. */
export function subjectForwards(subject: string, text: string): boolean {
  const prefix = /^\s*\[?(\p{L}{1,12})\.?\s?(?:\[\d\])?\s?[:：]/u.exec(subject.slice(0, 60))?.[1]?.toLowerCase()
  if (prefix === undefined || !FORWARD_PREFIXES.includes(prefix)) return false
  return prefix !== 'vs' || !FINNISH.test(text.slice(0, 4000))
}
