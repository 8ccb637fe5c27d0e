import type { Decision } from './decision.ts'
import type { Facts } from './facts.ts'

/** A participant's own key to leave a case, as a mail brought it back. */
export interface Leaving {
  caseId: string
  number: number
  personId: string
}

/**
 * The key is in nobody's mails but the participant's, so it needs no proof of who sends it: mail programs and providers
 * unsubscribe in their user's stead (RFC 2369), some of them by automatic mail.
 */
export function leaveCase(
  _message: unknown,
  { leaving }: Pick<Facts, 'leaving'>,
): { because: string; decision?: Decision } {
  if (!leaving) return { because: 'it carries no key to leave a case' }
  const { caseId, number, personId } = leaving
  return { because: `a participant leaves case #${number}`, decision: { kind: 'leave', caseId, personId } }
}
