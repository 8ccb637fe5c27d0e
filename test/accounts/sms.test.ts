import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AccountContext } from '../../src/accounts/context.ts'
import { turnOffFactor, turnOnFactor } from '../../src/accounts/factors.ts'
import { secondWays, takeSecondStep } from '../../src/accounts/second-step.ts'
import type { Session } from '../../src/accounts/sessions.ts'
import { askCode, askNumber, maskNumber, readNumber, sentCode } from '../../src/accounts/sms.ts'
import { makeSmsSender, type SmsGateway } from '../../src/accounts/sms-gateway.ts'
import { type SandboxSmsGateway, startSmsGateway } from '../../src/sandbox/sms-gateway.ts'
import { updateAccount } from '../../src/store/accounts/accounts.ts'
import { type Accounts, HOME, openAccounts } from '../support/accounts.ts'
import { engines } from '../support/databases.ts'
import { afterPassword, openSession, turnOnApp } from '../support/factors.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const text = (code: string, reference: string) => `${code} er din kode. Reference: ${reference}.`

describe.each(engines)('codes by SMS, on %s', (engine) => {
  let accounts: Accounts
  let gateway: SandboxSmsGateway
  let ctx: AccountContext
  let session: Session
  let people = 0
  let number: string
  beforeAll(async () => {
    accounts = await openAccounts(engine)
    gateway = await startSmsGateway()
    ctx = { ...accounts.ctx, sms: { ...gateway.config, send: makeSmsSender(gateway.config) } }
  })
  beforeEach(async () => {
    people += 1
    number = `+452012${String(people).padStart(4, '0')}`
    gateway.behave('well')
    session = await openSession(accounts, `kim${people}@customer.test`)
  })
  afterAll(async () => {
    await gateway.close()
    await accounts.close()
  })

  const messages = (to = number) => gateway.messages.filter((it) => it.to === to)
  const lastCode = (to = number) => /^\d{6}/.exec(messages(to).at(-1)?.text ?? '')?.[0] ?? ''
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
  const ask = async (typed = number, over: Partial<AccountContext> = {}) =>
    await askNumber({ ...ctx, ...over }, session, { number: typed, text }, HOME)
  const prove = async (code: string) => await turnOnFactor(ctx, session, { factor: 'sms', code }, HOME)
  const turnOn = async () => {
    await ask()
    const on = await prove(lastCode())
    if (on.kind !== 'on') throw new Error(on.kind)
    return await afterPassword(accounts, `kim${people}@customer.test`)
  }
  const enter = async (at: Session, code: string) =>
    await takeSecondStep(ctx, at, { way: 'sms', code, remember: false }, HOME)

  it('V6.6.1: go to a number only once a code has shown that it is theirs', async () => {
    expect(await ask(`${number.slice(0, 3)} ${number.slice(3, 7)}-${number.slice(7)}`)).toEqual({ kind: 'sent' })
    const waiting = await sentCode(accounts.store.db, ctx, session, 'prove')
    expect(messages()).toEqual([{ to: number, from: 'Acme', text: text(lastCode(), waiting?.reference ?? '') }])
    expect(waiting).toEqual({ to: maskNumber(number), reference: expect.stringMatching(/^\d{4}$/) })
    expect((await secondWays(accounts.store.db, ctx, session.personId)).sms).toBeNull()
    expect(await prove(wrong(lastCode()))).toEqual({ kind: 'wrong' })
    expect(await prove(` ${lastCode().replace(/^.../, '$& ')}`)).toMatchObject({ kind: 'on', entered: null })
    expect((await secondWays(accounts.store.db, ctx, session.personId)).sms).toBe(maskNumber(number))
    expect((await accounts.written(`kim${people}@customer.test`)).at(-1)).toMatchObject({
      kind: 'second-factor-on',
      data: { factor: 'sms' },
    })
  })

  it('V6.6.2: let somebody in once, in the session that asked for the code alone', async () => {
    const second = await turnOn()
    const elsewhere = await afterPassword(accounts, `kim${people}@customer.test`)
    expect(await askCode(ctx, second, text, HOME)).toEqual({ kind: 'sent' })
    const code = lastCode()
    expect(await enter(elsewhere, code)).toEqual({ kind: 'over' })
    const entered = await enter(second, code)
    expect(entered).toMatchObject({ kind: 'in', session: { stage: 'full', ways: ['password', 'sms'] } })
    expect(await enter({ ...second, stage: 'second' }, code)).toEqual({ kind: 'over' })
  })

  it('V6.6.2: does not take the code that proved the number for signing in, nor the other way round', async () => {
    await ask()
    const code = lastCode()
    expect(await enter({ ...session, stage: 'second' }, code)).toEqual({ kind: 'over' })
    expect(await prove(code)).toMatchObject({ kind: 'on' })
  })

  it('V6.5.5: is over after ten minutes', async () => {
    await ask()
    accounts.world.pass(10 * MINUTE)
    expect(await prove(lastCode())).toEqual({ kind: 'over' })
    expect(await sentCode(accounts.store.db, ctx, session, 'prove')).toBeNull()
  })

  it('V6.6.3: is over after five wrong tries, though they come at the same moment', async () => {
    await ask()
    const code = lastCode()
    const tries = await Promise.all(Array.from({ length: 20 }, async () => await prove(wrong(code))))
    expect(tries.filter(({ kind }) => kind === 'wrong').length).toBeLessThanOrEqual(4)
    expect(await prove(code)).toEqual({ kind: 'over' })
    expect(await sentCode(accounts.store.db, ctx, session, 'prove')).toBeNull()
  })

  it('V6.6.3: slows down whoever guesses at codes, over any number of them', async () => {
    const second = await turnOn()
    await askCode(ctx, second, text, HOME)
    const waits: number[] = []
    for (let tries = 0; tries < 5; tries += 1) {
      const taken = await enter(second, 'abcdef')
      if (taken.kind === 'wrong') waits.push(taken.wait)
    }
    await askCode(ctx, second, text, HOME)
    expect(waits).toEqual([0, 0, 0, 0])
    expect(await enter(second, lastCode())).toMatchObject({ kind: 'wait' })
    accounts.world.pass(2_000)
    expect(await enter(second, lastCode())).toMatchObject({ kind: 'in' })
  })

  it('V11.4.1: keeps no code and no guessable hash of it, and no log of the number', async () => {
    await ask()
    const { data } = await accounts.store.db
      .selectFrom('challenges')
      .select('data')
      .where('kind', '=', `sms prove ${session.id}`)
      .executeTakeFirstOrThrow()
    expect(data).not.toContain(lastCode())
    const names = await accounts.store.db.selectFrom('throttles').select('name').execute()
    expect(JSON.stringify(names)).not.toContain(number.slice(1))
  })

  it('V6.6.3: sends five an hour to one account or number, to whoever asks', async () => {
    const other = `+452099${String(people).padStart(4, '0')}`
    for (let sent = 0; sent < 5; sent += 1) expect(await ask(sent < 3 ? number : other)).toEqual({ kind: 'sent' })
    const limited = await ask(`+452098${String(people).padStart(4, '0')}`)
    expect(limited).toEqual({ kind: 'limit', wait: HOUR })
    session = await openSession(accounts, `also${people}@customer.test`)
    for (let sent = 0; sent < 2; sent += 1) expect(await ask()).toEqual({ kind: 'sent' })
    expect(await ask()).toMatchObject({ kind: 'limit' })
    accounts.world.pass(HOUR)
    expect(await ask()).toEqual({ kind: 'sent' })
  })

  it('V6.6.3: sends no more than the limit, though all are asked for at the same moment', async () => {
    const asked = await Promise.all(Array.from({ length: 12 }, async () => await ask()))
    expect(asked.filter(({ kind }) => kind === 'sent')).toHaveLength(5)
    expect(messages()).toHaveLength(5)
    accounts.world.pass(HOUR)
  })

  it('V2.4.1: sends only so many in a day, to everybody together', async () => {
    accounts.world.pass(24 * HOUR)
    const sms = { ...gateway.config, send: makeSmsSender(gateway.config), perDay: 1 }
    expect(await ask(number, { sms })).toEqual({ kind: 'sent' })
    expect(await ask(number, { sms })).toEqual({ kind: 'limit', wait: 24 * HOUR })
    accounts.world.pass(24 * HOUR)
  })

  it('sends to the countries that are allowed, and to nothing that is no number', async () => {
    const sms = { ...gateway.config, send: makeSmsSender(gateway.config), prefixes: ['+45', '+46'] }
    expect(await ask('+4712345678', { sms })).toEqual({ kind: 'number' })
    expect(await ask('20123456')).toEqual({ kind: 'number' })
    expect(await ask(number, { sms })).toEqual({ kind: 'sent' })
  })

  it.each(['refuse', 'hang'] as const)(
    'says why where the gateway does not take it (%s), without number or code',
    async (manners) => {
      gateway.behave(manners)
      const sms = { ...gateway.config, send: makeSmsSender(gateway.config, manners === 'hang' ? 200 : undefined) }
      const asked = await ask(number, { sms })
      expect(asked).toMatchObject({ kind: 'failed', to: maskNumber(number) })
      const why = asked.kind === 'failed' ? asked.why : ''
      expect(why).toMatch(manners === 'refuse' ? /answered 402: no credit for/ : /no answer within 0.2 seconds/)
      expect(why).not.toMatch(/\d{4}/)
      expect(await sentCode(accounts.store.db, ctx, session, 'prove')).toBeNull()
    },
  )

  it('says why where there is no gateway', async () => {
    const nowhere = { ...gateway.config, url: 'http://127.0.0.1:1/' }
    const sms = { ...nowhere, send: makeSmsSender(nowhere) }
    expect(await ask(number, { sms })).toMatchObject({
      kind: 'failed',
      why: expect.stringMatching(/cannot be reached/),
    })
    expect(await ask(number, { sms: null })).toMatchObject({ kind: 'failed', why: expect.stringMatching(/'sms'/) })
  })

  it('says nothing of a second step by SMS where there is no gateway any more', async () => {
    const second = await turnOn()
    expect(await secondWays(accounts.store.db, accounts.ctx, second.personId)).toMatchObject({ sms: null })
  })

  it('count as a factor that stays when another is turned off, as long as there is a gateway', async () => {
    await turnOn()
    await turnOnApp(accounts, session)
    await updateAccount(accounts.store.db, session.personId, { requires_second: 1 })
    expect(await turnOffFactor(accounts.ctx, session, 'totp', HOME)).toBe('needed')
    expect(await turnOffFactor(ctx, session, 'totp', HOME)).toBe('off')
    expect(await turnOffFactor(ctx, session, 'sms', HOME)).toBe('needed')
  })
})

describe('a number', () => {
  it.each([
    ['+45 20 12 34 56', '+4520123456'],
    ['0046-70/123 45.67', '+46701234567'],
    ['20123456', null],
    ['+0123456789', null],
    ['+4520123456789012', null],
    ['+45 20 12 34 5x', null],
    ['', null],
  ])('%j is read as %j', (typed, number) => {
    expect(readNumber(typed)).toBe(number)
  })

  it('is shown so that its owner alone knows it', () => {
    expect(maskNumber('+4520123456')).toBe('+45••••••56')
  })
})

describe('a gateway', () => {
  const seen: { url: string; headers: Record<string, unknown>; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ url: request.url ?? '', headers: request.headers, body })
    response.writeHead(request.url?.startsWith('/moved') ? 302 : 204, { location: '/elsewhere' }).end()
  })
  let url: string
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.close()
  })

  const awkward = 'a "quoted" {to} & 50% + æøå\n'
  const send = async (over: Partial<SmsGateway>) => {
    const plain = {
      url,
      method: 'POST',
      headers: {},
      contentType: 'application/json',
      body: null,
      from: 'Acme',
    } as const
    const sent = await makeSmsSender({ ...plain, ...over })('+4520123456', awkward)
    return { sent, got: seen.at(-1) }
  }

  it('gets JSON, with what is filled in written as JSON has it', async () => {
    const { sent, got } = await send({
      body: '{"to": "{to}", "nested": {"text": "{text}"}}',
      headers: { Authorization: 'Bearer x' },
    })
    expect(sent).toEqual({ kind: 'sent' })
    expect(JSON.parse(got?.body ?? '')).toEqual({ to: '+4520123456', nested: { text: awkward } })
    expect(got?.headers).toMatchObject({ authorization: 'Bearer x', 'content-type': 'application/json; charset=utf-8' })
  })

  it('gets a form, with what is filled in percent-encoded', async () => {
    const { got } = await send({
      contentType: 'application/x-www-form-urlencoded',
      body: 'to={to}&text={text}&from={from}',
    })
    expect(Object.fromEntries(new URLSearchParams(got?.body))).toEqual({
      to: '+4520123456',
      text: awkward,
      from: 'Acme',
    })
  })

  it('gets everything in the URL of a GET', async () => {
    const { got } = await send({ method: 'GET', url: `${url}/send/{to}?text={text}` })
    const asked = new URL(got?.url ?? '', url)
    expect([asked.pathname, asked.searchParams.get('text')]).toEqual(['/send/%2B4520123456', awkward])
  })

  it('V15.3.2: that has moved is not followed', async () => {
    const { sent, got } = await send({ url: `${url}/moved`, body: '"{to}{text}"' })
    expect(sent).toMatchObject({ kind: 'failed', why: expect.stringContaining('302') })
    expect(got?.url).toBe('/moved')
  })
})
