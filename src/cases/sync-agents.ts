import { isoTime } from '../core/world.ts'
import type { Language } from '../model/language.ts'
import { findPersonByAddress, insertPerson, listAgents, updatePerson } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'

export interface Agent {
  name: string
  /** Lower case. */
  email: string
  language: Language
  /** IANA name; absent or null: the one for all. */
  timeZone?: string | null
}

/** Makes the agents in the store those of the configuration. Somebody who is none any more stays a person, with what they wrote. */
export async function syncAgents(ctx: CaseContext, agents: readonly Agent[]): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    for (const agent of agents) await syncAgent(tx, ctx, agent)
    const gone = (await listAgents(tx)).filter((person) => !agents.some((agent) => agent.email === person.address))
    for (const person of gone) await updatePerson(tx, person.id, { kind: 'contact' })
  })
}

async function syncAgent(tx: Db, ctx: CaseContext, agent: Agent): Promise<void> {
  const known = await findPersonByAddress(tx, agent.email)
  const set = { kind: 'agent', name: agent.name, language: agent.language } as const
  const id = known?.id ?? ctx.world.id()
  if (!known) await insertPerson(tx, { id, address: agent.email, ...set, createdAt: isoTime(ctx.world.now()) })
  await updatePerson(tx, id, { ...set, time_zone: agent.timeZone ?? null })
}
