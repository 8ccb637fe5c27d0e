import type { Budgets } from '../model/policy.ts'
import { holderOf, inboxOf, isPublicMail } from './mail-domains.ts'

/** One unit of a counter: at most `limit` of them in `window` milliseconds from the first one on. */
export interface Charge {
  counter: string
  limit: number
  window: number
  /** What the outbox says of a mail that was not written for lack of it. */
  refusal: string
}

/** What was used of a counter until `until` (milliseconds since 1970), when it begins anew. */
export interface Counter {
  name: string
  used: number
  until: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/**
 * What an automatic mail to an address costs. `acknowledgement`: in answer to a mail (RFC 3834), so at most one an hour;
 * `account`: because somebody typed the address into a form. Tags and Gmail's dots make no new address.
 */
export function automaticMailCharges(kind: 'acknowledgement' | 'account', address: string, budgets: Budgets): Charge[] {
  const { perAddressPerDay, perDomainPerDay } = budgets
  const inbox = inboxOf(address)
  const holder = holderOf(address)
  const hourly = {
    counter: `acknowledged ${inbox}`,
    limit: 1,
    window: HOUR,
    refusal: 'an acknowledgement went to this address less than an hour ago',
  }
  const daily = {
    counter: `address ${inbox}`,
    limit: perAddressPerDay,
    window: DAY,
    refusal: `this address has had its ${perAddressPerDay} automatic mails of the day (budgets.perAddressPerDay)`,
  }
  const domain = {
    counter: `domain ${holder}`,
    limit: perDomainPerDay,
    window: DAY,
    refusal: `${holder} has had its ${perDomainPerDay} automatic mails of the day (budgets.perDomainPerDay)`,
  }
  return [...(kind === 'acknowledgement' ? [hourly] : []), daily, ...(isPublicMail(address) ? [] : [domain])]
}

/** What telling others of a mail costs its sender. */
export function tellingCharge(sender: string, { toldPerMinute }: Budgets): Charge {
  return {
    counter: `told ${inboxOf(sender)}`,
    limit: toldPerMinute,
    window: MINUTE,
    refusal: `${toldPerMinute} mails of this sender were told of within a minute (budgets.toldPerMinute); this one is in its case`,
  }
}

/** Whether charges can be met out of what the counters hold, and how these stand afterwards. Nothing is used where one refuses. */
export function settle(
  charges: readonly Charge[],
  counters: ReadonlyMap<string, Counter>,
  now: number,
): { refusal: string; counters: [] } | { refusal: null; counters: Counter[] } {
  const after: Counter[] = []
  for (const { counter: name, limit, window, refusal } of charges) {
    const known = counters.get(name)
    const current = known && known.until > now ? known : { name, used: 0, until: now + window }
    if (current.used >= limit) return { refusal, counters: [] }
    after.push({ ...current, used: current.used + 1 })
  }
  return { refusal: null, counters: after }
}
