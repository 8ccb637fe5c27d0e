import type { Automatic } from '../message.ts'
import type { Parsed } from '../parsed.ts'
import { HEADER_RULES } from './header-rules.ts'
import { PHRASE_RULES } from './phrase-rules.ts'
import { evidenceOf, type Rule } from './rule.ts'

const RULES: readonly Rule[] = [...HEADER_RULES, ...PHRASE_RULES]

/**
 * What kind of automatic mail this is and what says so, or null for a mail that a person wrote.
 * Headers that only automatic mail has come first (RFC 3834 and its older kin), then lists and bulk, phrases last.
 * A person's mail that a gateway gave a Precedence, List-Unsubscribe or X-Auto-Response-Suppress header gives null.
 * Everybody can forge all of it: the kind 'own' is what the mail claims, not a proof. `text` is the whole readable text.
 */
export function detectAutomatic(parsed: Parsed, text: string): Automatic | null {
  const mail = evidenceOf(parsed, text)
  for (const rule of RULES) {
    const found = rule(mail)
    if (found) return found
  }
  return null
}
