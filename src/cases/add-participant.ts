import type { Case } from '../model/case.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'
import { type Actor, rememberUndo } from './inverse.ts'
import { addParticipants } from './participants.ts'

/** An agent's word is not bound by the policy for mails, but a case stays no mailing list. */
const BY_AGENT = { policy: 'all', most: 100 } as const

/** Lets people take part in a case because an agent says so: they hear of public comments from now on, and may write. */
export async function addByAgent(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  actor: Actor,
  addresses: readonly string[],
): Promise<boolean> {
  const people = addresses.map((address) => ({ name: null, address }))
  const naming = { actor: actor.name, byAgent: true, people, trust: 'verified', policy: BY_AGENT } as const
  const added = (await addParticipants(tx, ctx, it, naming)).map((person) => person.id)
  if (added.length > 0) await rememberUndo(tx, ctx, it.id, actor, { kind: 'participants', added })
  return added.length > 0
}
