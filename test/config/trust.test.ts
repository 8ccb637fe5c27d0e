import { expect, it } from 'vitest'
import type { TrustConfig } from '../../src/config/config.ts'
import { type TrustPolicy, trustPolicy } from '../../src/config/trust.ts'

const unset: TrustConfig = { authservId: null, check: null, agents: null }

it.each<[string, Partial<TrustConfig>, string | null, TrustPolicy]>([
  ['nothing is known', {}, null, { authservId: null, check: 'none', agents: 'plausible' }],
  ['calibrate learned a name', {}, 'mx.test', { authservId: 'mx.test', check: 'server', agents: 'verified' }],
  [
    'a name is pinned',
    { authservId: 'a.test' },
    'mx.test',
    { authservId: 'a.test', check: 'server', agents: 'verified' },
  ],
  ['Posthorn checks itself', { check: 'own' }, null, { authservId: null, check: 'own', agents: 'verified' }],
  ['no check is wanted', { check: 'none' }, 'mx.test', { authservId: 'mx.test', check: 'none', agents: 'plausible' }],
  [
    'agents are asked for less',
    { agents: 'plausible' },
    'mx.test',
    { authservId: 'mx.test', check: 'server', agents: 'plausible' },
  ],
])('where %s', (_what, configured, learned, policy) => {
  expect(trustPolicy({ ...unset, ...configured }, learned)).toEqual(policy)
})
