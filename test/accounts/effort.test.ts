import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EFFORT_LIFE, judgeEffort, makeTask } from '../../src/accounts/effort.ts'
import { type Accounts, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'

const NOTHING = { proof: '', question: '', answer: '' }
const MADE = { kind: 'made', effort: 'proof' }
const ANSWERED = { kind: 'made', effort: 'question' }
const unmade = (why: string) => ({ kind: 'unmade', why })

describe.each(engines)('what a form asks for before a mail is written, on %s', (engine) => {
  let accounts: Accounts
  beforeAll(async () => {
    accounts = await openAccounts(engine)
  })
  afterAll(async () => await accounts.close())

  const judge = async (over: Partial<typeof NOTHING>) => await judgeEffort(accounts.ctx, { ...NOTHING, ...over })
  /** As the script of the page does. */
  const work = async (ctx: Parameters<typeof makeTask>[0] = accounts.ctx) => {
    const challenge = JSON.parse((await makeTask(ctx)).challenge)
    const solution = await solveChallenge({ challenge, deriveKey })
    return { challenge, solution }
  }
  const asked = async () => {
    const { sum, question } = await makeTask(accounts.ctx)
    return { question, answer: String(sum[0] + sum[1]) }
  }

  it('V2.4.1: takes work that a script has done, once', async () => {
    const proof = JSON.stringify(await work())
    const both = await Promise.all([judge({ proof }), judge({ proof })])
    expect(both).toContainEqual(MADE)
    expect(both).toContainEqual(unmade('late'))
    expect(await judge({ proof })).toEqual(unmade('late'))
  })

  it('V2.4.1: takes no work that was made easier, not done, or asked for by another installation', async () => {
    const { challenge, solution } = await work()
    const { parameters } = challenge
    const foreign = {
      ...accounts.ctx,
      policy: { ...accounts.ctx.policy, secrets: ['another installation’s secret'] as const },
    }
    const proofs = [
      { challenge: { ...challenge, parameters: { ...parameters, cost: 1 } }, solution },
      { challenge: { ...challenge, parameters: { ...parameters, keyPrefix: '' } }, solution },
      { challenge: { ...challenge, parameters: { ...parameters, data: { until: 9e15 } } }, solution },
      { challenge: { ...challenge, signature: '' }, solution },
      { challenge, solution: { ...solution, counter: (solution?.counter ?? 0) + 1 } },
      { challenge, solution: { counter: -1, derivedKey: '00' } },
      { challenge, solution: null },
      { challenge: null, solution },
      { challenge: { parameters: null, signature: 'x' }, solution },
      {},
      [],
      null,
      await work(foreign),
    ]
    for (const proof of proofs) expect(await judge({ proof: JSON.stringify(proof) })).toEqual(unmade('wrong'))
    for (const proof of ['x', '{', '"text"', '1']) expect(await judge({ proof })).toEqual(unmade('wrong'))
    expect(await judge({ proof: JSON.stringify({ challenge, solution }) })).toEqual(MADE)
  })

  it('V2.4.1: takes the right answer to its question, once; a wrong one uses it up', async () => {
    const right = await asked()
    expect(await judge(right)).toEqual(ANSWERED)
    expect(await judge(right)).toEqual(unmade('late'))
    const other = await asked()
    expect(await judge({ ...other, answer: '1' })).toEqual(unmade('wrong'))
    expect(await judge(other)).toEqual(unmade('late'))
  })

  it('V2.4.1: takes no answer to a question that was changed, and none at all', async () => {
    const { question, answer } = await asked()
    const [nonce, end, mac] = question.split('.')
    for (const forged of ['', 'x', `${nonce}.zzzzzzzz.${mac}`, `${'A'.repeat(22)}.${end}.${mac}`, `${question}x`])
      expect((await judge({ question: forged, answer })).kind).toBe('unmade')
    expect(await judge(NOTHING)).toEqual(unmade('missing'))
    expect(await judge({ question })).toEqual(unmade('missing'))
  })

  it('V2.4.1: takes neither after half an hour, nor before it was asked', async () => {
    const [proof, plain] = [JSON.stringify(await work()), await asked()]
    accounts.world.pass(EFFORT_LIFE)
    expect(await judge({ proof })).toEqual(unmade('late'))
    expect(await judge(plain)).toEqual(unmade('late'))
    const early = await asked()
    accounts.world.pass(-3_600_000)
    expect(await judge(early)).toEqual(unmade('late'))
    accounts.world.pass(3_600_000)
  })
})
