import { isoTime } from '../core/world.ts'
import type { Judgement } from '../decision/decision.ts'
import type { Message } from '../message/message.ts'
import { type Address, nameOf, normaliseAddress } from '../model/address.ts'
import type { Language } from '../model/language.ts'
import { findPersonByAddress, insertPerson, markVerified, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { CaseContext } from './context.ts'

/** Stands in for the sender of a mail without a usable From: nothing is ever sent to it (RFC 2606). */
const NOBODY: Address = { name: null, address: 'unknown-sender@mail.invalid' }

/** The person behind a mail's From, made on first sight. */
export async function findOrMakeContact(
  tx: Db,
  ctx: CaseContext,
  from: Address | null,
  language: Language | null,
): Promise<Person> {
  const who = from ?? NOBODY
  const address = normaliseAddress(who.address)
  const known = await findPersonByAddress(tx, address)
  if (known) return known
  const person: Person = { id: ctx.world.id(), kind: 'contact', name: nameOf(who), address, language }
  await insertPerson(tx, { ...person, createdAt: isoTime(ctx.world.now()) })
  return person
}

/**
 * A mail whose sender is verified shows that somebody is there who reads and writes at its address: from now on it may be
 * subscribed to things. Not where a machine wrote it, and not where it asks for less mail: providers do that by themselves.
 */
export async function noteReader(tx: Db, ctx: CaseContext, message: Message, judged: Judgement): Promise<void> {
  const { decision, trust } = judged
  if (!message.from || message.automatic || trust !== 'verified') return
  if (['bounce', 'leave', 'stop-topic', 'ignore'].includes(decision.kind)) return
  const address = normaliseAddress(message.from.address)
  if (await findPersonByAddress(tx, address)) await markVerified(tx, address, isoTime(ctx.world.now()))
}

/** Whether mail can be sent there at all. */
export function canBeWrittenTo(person: Person): boolean {
  return !person.address.endsWith('.invalid')
}
