import { createHash } from 'node:crypto'
import { isoTime } from '../core/world.ts'
import { lockThrottles, writeThrottles } from '../store/accounts/throttles.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What is written to one number, for one account, and from one network, in an hour. */
const HOURLY = { number: 5, account: 5, network: 20 } as const

/** Who a message is for, and who asks for it. */
export interface SmsPayer {
  /** E.164. */
  number: string
  personId: string
  network: string
}

interface Purse {
  name: string
  most: number
  /** Milliseconds, from the first message on. */
  life: number
}

/**
 * Counts a message before it is sent: it costs money, and a stranger's patience. 0 where it may be sent, else the milliseconds
 * before there is a next one; then nothing was counted.
 */
export async function payForSms(
  tx: Db,
  { world }: Pick<AccountContext, 'world'>,
  payer: SmsPayer,
  perDay: number,
): Promise<number> {
  const now = world.now()
  const purses = pursesOf(payer, perDay)
  const rows: Awaited<ReturnType<typeof lockThrottles>> = []
  for (const { name, life } of purses.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    rows.push(...(await lockThrottles(tx, [name], { at: isoTime(now), forgetAt: isoTime(now + life) })))
  const counted = purses.map(({ name, most, life }) => {
    const row = rows.find((it) => it.name === name)
    const over = !row || Date.parse(row.forget_at) <= now
    const failures = over ? 1 : Number(row.failures) + 1
    return { name, failures, most, wait_until: isoTime(now), forget_at: over ? isoTime(now + life) : row.forget_at }
  })
  const empty = counted.filter(({ failures, most }) => failures > most)
  if (empty.length > 0) return Math.max(...empty.map((it) => Date.parse(it.forget_at) - now))
  await writeThrottles(
    tx,
    counted.map(({ most, ...row }) => row),
  )
  return 0
}

function pursesOf({ number, personId, network }: SmsPayer, perDay: number): Purse[] {
  // Throttles are kept for a while: a number stands in them as a hash.
  const hash = createHash('sha256').update(`posthorn:sms:${number}`).digest('base64url')
  return [
    { name: `sms number ${hash}`, most: HOURLY.number, life: HOUR },
    { name: `sms account ${personId}`, most: HOURLY.account, life: HOUR },
    { name: `sms network ${network}`, most: HOURLY.network, life: HOUR },
    { name: 'sms all', most: perDay, life: DAY },
  ]
}
