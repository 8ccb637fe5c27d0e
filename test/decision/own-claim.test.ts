import { expect, it } from 'vitest'
import { withoutOwnClaim } from '../../src/decision/own-claim.ts'
import { makeMessage } from '../support/messages.ts'

const own = { kind: 'own', evidence: 'X-Posthorn-Row: 1' } as const

it('a mail that claims to be ours counts as what it is without the claim', () => {
  expect(withoutOwnClaim(makeMessage({ automatic: own })).automatic).toBeNull()
  const headers = [{ name: 'auto-submitted', value: 'auto-replied' }]
  expect(withoutOwnClaim(makeMessage({ automatic: own, headers })).automatic?.kind).toBe('auto-reply')
  const no = [{ name: 'auto-submitted', value: 'no' }]
  expect(withoutOwnClaim(makeMessage({ automatic: own, headers: no })).automatic).toBeNull()
})

it('every other mail is left as it is', () => {
  const list = makeMessage({ automatic: { kind: 'list', evidence: 'List-Id' } })
  expect(withoutOwnClaim(list)).toBe(list)
})
