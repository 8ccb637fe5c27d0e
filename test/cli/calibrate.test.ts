import { afterEach, describe, expect, it } from 'vitest'
import { calibrate } from '../../src/cli/calibrate.ts'
import { listLearned } from '../../src/store/mailbox-trust.ts'
import { engines } from '../support/databases.ts'
import { ANNA, answerTo, type Flow, type FlowOptions, letter, SUPPORT, startFlow } from '../support/flow.ts'
import { mailServers } from '../support/mail-servers.ts'

const ON_TOP = `Authentication-Results: mx3.acme.test;\r\n\tspf=pass smtp.mailfrom=acme.test; dkim=none; dmarc=none\r\n`
const ways = mailServers.map((kind, i) => ({ kind, engine: engines[i % engines.length] ?? 'sqlite', name: kind.name }))

describe.each(ways)('calibrating a mailbox at $name', ({ kind, engine }) => {
  let flow: Flow | null = null
  const start = async (options: Partial<FlowOptions> = {}) => {
    flow = await startFlow({ engine, kind, onTop: ON_TOP, ...options })
    return flow
  }
  afterEach(async () => await flow?.close())

  const learn = async ({ config, store }: Flow, patience = 20_000) => {
    const [mailbox] = config.mailboxes
    if (!mailbox) throw new Error('the flow has no mailbox')
    return await calibrate({ config, store }, mailbox, patience)
  }
  const learned = {
    mailbox: 'support',
    authservId: '*.acme.test',
    methods: ['spf', 'dkim', 'dmarc'],
    plusAddress: true,
  }

  it('learns what the server writes, and leaves the probes to intake, which makes nothing of them', async () => {
    const flow = await start({ after: { kind: 'move', folder: 'Processed' } })
    await flow.app.stop()
    expect(await learn(flow)).toEqual(learned)
    expect(await flow.server.list(flow.user, 'INBOX')).toHaveLength(2)
    await flow.restart()
    await flow.settled(2)
    expect(await flow.cases()).toEqual([])
    expect(flow.arrived(SUPPORT)).toEqual([])
    expect(await listLearned(flow.store.db)).toMatchObject([learned])
  })

  it('learns the same beside a running program that takes the probes away', async () => {
    const flow = await start({ after: { kind: 'delete' } })
    expect(await learn(flow)).toEqual(learned)
    expect(await flow.cases()).toEqual([])
  })

  it('is used from the next start on: an agent must be verified', async () => {
    const flow = await start()
    await learn(flow)
    await flow.restart()
    await flow.deliver(letter({ text: 'Hej', headers: ['Authentication-Results: mx1.acme.test; dmarc=pass'] }))
    const toAnna = await flow.waitForMail(ANNA.address)
    await flow.deliver(answerTo(toAnna, ANNA, 'Et falsk svar'))
    const it = await flow.waitForCase(1, (it) => it.comments.length === 1)
    expect(it.comments[0]).toMatchObject({ role: 'system', visibility: 'internal' })
  })

  it('learns that a server writes nothing, and refuses plus addresses', async () => {
    const flow = await start({ onTop: '' })
    flow.smtp.behave({
      recipient: (address) =>
        address.includes('+') ? { kind: 'reject', code: 550, text: '5.1.1 no such user' } : { kind: 'accept' },
    })
    expect(await learn(flow)).toEqual({ mailbox: 'support', authservId: null, methods: [], plusAddress: false })
  })

  it('says so where the probe is refused, or does not arrive', async () => {
    const flow = await start()
    flow.smtp.behave({ data: () => ({ kind: 'reject', code: 554, text: '5.7.1 not today' }) })
    await expect(learn(flow)).rejects.toThrow('not today')
    flow.smtp.behave({ recipient: () => ({ kind: 'accept' }), data: () => ({ kind: 'drop', kept: false }) })
    await expect(learn(flow, 1000)).rejects.toThrow(/did not take|did not arrive/)
  })
})
