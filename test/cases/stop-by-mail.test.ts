import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../src/message/message.ts'
import { modeOf } from '../../src/model/preferences.ts'
import { stopKey, stopLink } from '../../src/model/thread-key.ts'
import { findPersonByAddress, findVerified } from '../../src/store/people.ts'
import { listKept } from '../../src/store/preferences.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'
import { type Query, watchedStore } from '../support/queries.ts'

const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
const KIM = { name: 'Kim', address: 'kim@customer.test' }
const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }

describe.each(engines)('mail that says something of its sender, on %s', (engine) => {
  let desk: HelpDesk
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    await desk.take({})
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const kimsId = async () => (await findPersonByAddress(desk.store.db, KIM.address))?.id ?? ''
  const mode = async () => modeOf(await listKept(desk.store.db, await kimsId()), 'comments', '')
  /** The mail that the link at the foot of a mail begins. */
  async function stopping(over: Partial<Message> = {}, plusAddress = true): Promise<Partial<Message>> {
    const key = stopKey(desk.ctx.policy.secrets, 'comments', await kimsId())
    const link = new URL(stopLink({ address: 'support@acme.test', plusAddress }, key))
    const subject = link.searchParams.get('subject') ?? ''
    return { to: [{ name: null, address: link.pathname }], subject, reply: '', text: '', ...over }
  }

  it.each([
    ['the address', true],
    ['the subject, where the server takes no plus addresses', false],
  ])('ends a kind of mail by the key in %s, and nobody is told', async (_where, plusAddress) => {
    const before = await desk.outbox()
    const receipt = await desk.take(await stopping({}, plusAddress))
    expect(receipt).toMatchObject({ decision: 'stop-topic', caseId: null })
    expect(receipt.reason).toBe('whoever has this key wants no more mail about comments')
    expect(await mode()).toBe('off')
    expect(await desk.outbox()).toEqual(before)
    await expect(desk.show(2)).rejects.toThrow('no case 2')
    const { decision, reason } = await desk.store.db
      .selectFrom('mails')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect([decision, reason]).toEqual(['stop-topic', receipt.reason])
    await desk.take({ from: ANNA, to: [desk.key(1, 'agent')], reply: 'Prøv igen.' })
    expect((await desk.outbox()).at(-1)).toMatchObject({ kind: 'comment-added', to: KIM.address, status: 'suppressed' })
  })

  it('ends it twice as once', async () => {
    await desk.take(await stopping())
    expect(await desk.take(await stopping())).toMatchObject({ decision: 'stop-topic' })
    expect(await listKept(desk.store.db, await kimsId())).toMatchObject([{ mode: 'off', was: 'now' }])
  })

  it('ends it for whoever has the key, be it a provider in their stead', async () => {
    const automatic = { kind: 'generated', evidence: 'Auto-Submitted: auto-generated' } as const
    expect(await desk.take(await stopping({ from: MALLORY, automatic }))).toMatchObject({ decision: 'stop-topic' })
    expect(await mode()).toBe('off')
  })

  it.each(['auto-reply', 'out-of-office'] as const)('ends nothing when it is an %s to that address', async (kind) => {
    expect(await desk.take(await stopping({ automatic: { kind, evidence: 'x' } }))).toMatchObject({
      decision: 'ignore',
    })
    expect(await mode()).toBe('now')
  })

  it('ends nothing when it is a delivery report to that address', async () => {
    const gone = { action: 'failed', status: '5.1.1', permanent: true, diagnostic: 'no such user' } as const
    const bounce = { recipients: [{ address: KIM.address, ...gone }], originalMessageId: null }
    const receipt = await desk.take(await stopping({ from: MALLORY, returnPath: '', bounce }))
    expect(receipt.decision).not.toBe('stop-topic')
    expect(await mode()).toBe('now')
  })

  it('opens no door with a key that was guessed or is for something else: it becomes a case, as any mail', async () => {
    const { to = [], subject } = await stopping()
    const address = to[0]?.address ?? ''
    const forged = [address.replace('uc.', 'us.'), address.replace(/\.[a-z2-7]{16}@/, '.aaaaaaaaaaaaaaaa@')]
    for (const it of forged) {
      const receipt = await desk.take({ from: MALLORY, to: [{ name: null, address: it }], subject: subject ?? '' })
      expect([it, receipt.decision]).toEqual([it, 'open'])
    }
    expect(await mode()).toBe('now')
  })

  const verified = async () => [...(await findVerified(desk.store.db, [KIM.address]))]
  const proven = {
    headers: [{ name: 'authentication-results', value: 'mx.acme.test; dmarc=pass header.from=customer.test' }],
  }
  const believe = () => {
    const trust = { authservId: 'mx.acme.test', check: 'server', agents: 'plausible' } as const
    const { policy } = desk.ctx
    desk.ctx.policy = { ...policy, mailboxes: policy.mailboxes.map((it) => ({ ...it, trust })) }
  }

  it('shows that somebody is there, when it is verified, and is written down once', async () => {
    expect(await verified()).toEqual([])
    believe()
    await desk.take({})
    expect(await verified()).toEqual([])
    await desk.take(proven)
    expect(await verified()).toEqual([KIM.address])
    const writes: Query[] = []
    desk.ctx.store = watchedStore(desk.store, (query) => {
      if (/verified_at/.test(query.sql) && /^update/i.test(query.sql)) writes.push(query)
    })
    await desk.take(proven)
    await desk.takeAll([desk.mail(proven), desk.mail(proven)])
    expect(writes).toEqual([])
  })

  it('shows it of somebody new at once', async () => {
    believe()
    const lee = { name: 'Lee', address: 'lee@customer.test' }
    await desk.take({ from: lee, ...proven })
    expect([...(await findVerified(desk.store.db, [lee.address]))]).toEqual([lee.address])
  })

  it('shows nothing of who reads there, when a machine wrote it or it asks for less mail', async () => {
    believe()
    await desk.take({ ...proven, automatic: { kind: 'generated', evidence: 'x' } })
    await desk.take(await stopping(proven))
    expect(await verified()).toEqual([])
  })
})
