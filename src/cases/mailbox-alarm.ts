import { describeError } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import type { MailboxAlarm } from '../model/notice.ts'
import { notify, type Recipient } from '../notify/notify.ts'
import { endAlarm, insertAlarm } from '../store/mailbox-alarms.ts'
import { findPersonByAddress, listAgents, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { canBeWrittenTo } from './contact.ts'
import { type CaseContext, mailboxNamed } from './context.ts'

/** A mailbox that cannot be reached. */
export interface Outage {
  /** Its name in the configuration. */
  mailbox: string
  /** Milliseconds since 1970: when it failed first. */
  since: number
  error: unknown
  /** The server answers, and refuses the login. */
  refused: boolean
}

/**
 * Milliseconds that a mailbox may be away before anybody is told: a server that is restarted or moved is back by then, and a
 * customer does not yet wait for an answer. A refused login does not mend itself; after two minutes five were refused.
 */
const AWAY = 15 * 60_000
const REFUSED = 2 * 60_000
/** Of an error message: it is for one line of a mail. */
const MOST_ERROR = 500

/**
 * Told of each failure of a mailbox: raises the alarm when it has been away for too long. One mail an outage and recipient,
 * however many programs watch the mailbox and however often they are started. Says whether the alarm is raised.
 */
export async function mailboxDown(ctx: CaseContext, administrator: string | null, outage: Outage): Promise<boolean> {
  const now = ctx.world.now()
  if (now - outage.since < (outage.refused ? REFUSED : AWAY)) return false
  const { mailbox } = outage
  const since = isoTime(outage.since)
  const error = describeError(outage.error).slice(0, MOST_ERROR)
  await ctx.store.transaction(async (tx) => {
    if (!(await insertAlarm(tx, { mailbox, since, told_at: isoTime(now), error }))) return
    await tellAlarm(tx, ctx, administrator, { mailbox, since, error, recoveredAt: null })
  })
  return true
}

/** Told whenever a mailbox is reached: where the alarm was raised, it ends, and whoever is told of alarms hears of it. */
export async function mailboxUp(ctx: CaseContext, administrator: string | null, mailbox: string): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    const alarm = await endAlarm(tx, mailbox)
    if (!alarm) return
    const { since, error } = alarm
    await tellAlarm(tx, ctx, administrator, { mailbox, since, error, recoveredAt: isoTime(ctx.world.now()) })
  })
}

async function tellAlarm(
  tx: Db,
  ctx: CaseContext,
  administrator: string | null,
  alarm: MailboxAlarm['alarm'],
): Promise<void> {
  const mailbox = mailboxNamed(ctx.policy, alarm.mailbox)
  const told = await recipients(tx, administrator)
  await notify(
    tx,
    ctx,
    told.map(({ language, ...to }) => ({
      kind: 'mailbox-alarm',
      to,
      language: language ?? mailbox.language,
      mailbox,
      case: null,
      commentId: null,
      data: { alarm },
    })),
  )
}

/** The administrator, who may be nobody in a case; where none is named, every agent. */
async function recipients(tx: Db, administrator: string | null): Promise<(Recipient & Pick<Person, 'language'>)[]> {
  if (administrator === null) return (await listAgents(tx)).filter(canBeWrittenTo)
  const address = normaliseAddress(administrator)
  const person = await findPersonByAddress(tx, address)
  // A customer's person would be asked for being an agent when the mail is made.
  if (person?.kind === 'agent') return [{ ...person, address }]
  return [{ id: null, kind: 'agent', name: null, address, language: person?.language ?? null }]
}
