import type { Case } from '../model/case.ts'
import { findCase } from '../store/cases.ts'
import type { Db } from '../store/schema.ts'

/** A chain of merges longer than this is a mistake. */
const MOST_MERGES = 20

/** The case that a case was merged into, and so on to the one that stands; most cases are that themselves. */
export async function followMerges(db: Db, it: Case): Promise<Case> {
  let found = it
  for (let step = 0; found.mergedInto !== null && step < MOST_MERGES; step++)
    found = (await findCase(db, found.mergedInto)) ?? { ...found, mergedInto: null }
  return found
}
