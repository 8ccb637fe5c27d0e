import type { Line } from '../line.ts'
import { type Cut, isBlank } from './parts.ts'
import { signatureStart } from './signature.ts'

/** Whose a line is. */
export type Role = 'own' | 'quoted' | 'signature' | 'blank'

/** The role of each line, given what is cut. From line `end` on everything is the author's: a forwarded mail. */
export function rolesOf(lines: readonly Line[], cuts: readonly Cut[], end: number): Role[] {
  const roles = lines.map((line): Role => (isBlank(line) ? 'blank' : 'own'))
  let own = 0
  for (const cut of [...cuts, { first: end, last: end }]) {
    fillSignatures(roles, lines, own, cut.first - 1)
    if (cut.first < end) fill(roles, cut.first, cut.last, 'quoted')
    own = cut.last + 1
  }
  return roles
}

/** A signature goes on to the end, except where a client marked its end: there the author may have gone on writing. */
function fillSignatures(roles: Role[], lines: readonly Line[], first: number, last: number): void {
  let from = first
  while (from <= last) {
    const start = signatureStart(lines, from, last)
    if (start === null) return
    let end = start
    while (end < last && lines[end + 1]?.hint !== 'signature-end') end++
    fill(roles, start, end, 'signature')
    from = end + 1
  }
}

function fill(roles: Role[], first: number, last: number, role: Role): void {
  for (let at = first; at <= last; at++) roles[at] = role
}

/**
 * The lines of one role as they stand in the text, with the empty lines between them, but no more than one where
 * something was cut out. `shown` are the lines as they are to be written.
 */
export function textOfRole(
  lines: readonly Line[],
  shown: readonly string[],
  roles: readonly Role[],
  role: Role,
): string {
  const kept: string[] = []
  let blanks = 0
  let cut = false
  for (const [at, line] of lines.entries()) {
    if (isBlank(line)) blanks++
    else if (roles[at] !== role) cut = true
    else {
      if (kept.length > 0) for (let left = cut ? Math.min(blanks, 1) : blanks; left > 0; left--) kept.push('')
      kept.push(shown[at] ?? '')
      blanks = 0
      cut = false
    }
  }
  return kept.join('\n')
}
