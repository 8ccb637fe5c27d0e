import { describe, expect, it } from 'vitest'
import { automaticMailCharges, type Charge, type Counter, settle, tellingCharge } from '../../src/decision/budgets.ts'
import { BUDGET_DEFAULTS, type Budgets } from '../../src/model/policy.ts'

const HOUR = 3_600_000

/** Settles charges one after the other, as the store would keep them; each answer is null or the refusal. */
function ledger() {
  const counters = new Map<string, Counter>()
  return (charges: Charge[], now: number) => {
    const { refusal, counters: after } = settle(charges, counters, now)
    for (const counter of after) counters.set(counter.name, counter)
    return refusal
  }
}

const budgets: Budgets = { ...BUDGET_DEFAULTS, perAddressPerDay: 3, perDomainPerDay: 5 }
const acknowledge = (address: string) => automaticMailCharges('acknowledgement', address, budgets)

describe('an acknowledgement', () => {
  it('goes to one address at most once an hour, whatever tags it wears', () => {
    const spend = ledger()
    expect(spend(acknowledge('kim@customer.test'), 0)).toBeNull()
    expect(spend(acknowledge('kim@customer.test'), HOUR - 1)).toContain('less than an hour ago')
    expect(spend(acknowledge('Kim+2@customer.test'), HOUR - 1)).toContain('less than an hour ago')
    expect(spend(acknowledge('kim@customer.test'), HOUR)).toBeNull()
  })

  it('uses nothing when it is refused', () => {
    const spend = ledger()
    for (let at = 0; at < 50; at++) spend(acknowledge('kim@customer.test'), at)
    expect(spend(acknowledge('pat@customer.test'), 50)).toBeNull()
    expect(spend(acknowledge('kim@customer.test'), HOUR)).toBeNull()
  })
})

describe('automatic mail of all kinds', () => {
  it('has a budget for an address, and it begins anew a day after the first', () => {
    const spend = ledger()
    const reset = automaticMailCharges('account', 'kim@customer.test', budgets)
    expect([spend(reset, 0), spend(acknowledge('kim@customer.test'), 1), spend(reset, 2)]).toEqual([null, null, null])
    expect(spend(reset, 3)).toContain('budgets.perAddressPerDay')
    expect(spend(acknowledge('kim@customer.test'), 2 * HOUR)).toContain('budgets.perAddressPerDay')
    expect(spend(reset, 24 * HOUR)).toBeNull()
  })

  it('has a budget for a domain and all below it', () => {
    const spend = ledger()
    for (let n = 0; n < 5; n++) expect(spend(acknowledge(`p${n}@h${n}.customer.test`), n)).toBeNull()
    expect(spend(acknowledge('p6@customer.test'), 6)).toContain('customer.test has had its 5')
  })

  it('has none for a domain that everybody shares', () => {
    const spend = ledger()
    for (let n = 0; n < 50; n++) expect(spend(acknowledge(`p${n}@gmail.com`), n)).toBeNull()
  })
})

it('tells of so many mails of one sender in a minute', () => {
  const spend = ledger()
  const charge = tellingCharge('kim@customer.test', { ...BUDGET_DEFAULTS, toldPerMinute: 2 })
  expect([spend([charge], 0), spend([charge], 1)]).toEqual([null, null])
  expect(spend([charge], 59_999)).toContain('it is in its case'.slice(6))
  expect(spend([charge], 60_000)).toBeNull()
})
