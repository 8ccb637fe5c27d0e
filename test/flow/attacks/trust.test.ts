import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseView } from '../../../src/cases/view.ts'
import type { Config } from '../../../src/config/config.ts'
import { ownMessageId, replyAddress } from '../../../src/model/thread-key.ts'
import { engines } from '../../support/databases.ts'
import { ANNA, type Arrived, answerTo, type Flow, KIM, letter, SUPPORT, startFlow } from '../../support/flow.ts'
import { embedded } from '../../support/mail-servers.ts'
import { nameServer, signingDomain } from '../../support/signed-mail.ts'

const MALLORY = { name: 'Mallory', address: 'mallory@evil.test' }
const GENUINE = server('dkim=pass header.d=customer.test; dmarc=pass (p=reject) header.from=customer.test')
const GENUINE_AGENT = server('dmarc=pass header.from=private.test')
const SPOOFED = server('spf=pass smtp.mailfrom=mallory@evil.test; dkim=none; dmarc=fail (p=reject) header.from=x.test')

/** A header of the mailbox's own server. */
function server(results: string): string {
  return `Authentication-Results: mx.acme.test; ${results}`
}

/** A mail as the server stored it: header lines on top. */
function under(lines: string | string[], raw: string): string {
  return `${[lines].flat().join('\r\n')}\r\n${raw}`
}

describe.each(engines)('attacks on trust, on %s', (engine) => {
  let flow: Flow
  let delivered = 0
  beforeAll(async () => {
    const pinned = { authservId: 'mx.acme.test', check: null, agents: null }
    flow = await startFlow({ engine, kind: embedded, over: (config) => withTrust(config, pinned) })
  })
  afterAll(async () => await flow.close())

  const deliver = async (...mails: string[]) => {
    delivered += mails.length
    await flow.deliver(...mails)
    await flow.settled(delivered)
  }

  /** A case of Kim's, verified, with the notice that Anna got of it and Kim's address for answers. */
  const openCase = async (subject: string) => {
    const messageId = `${subject.replaceAll(' ', '-')}@customer.test`
    await deliver(under(GENUINE, letter({ subject, text: 'Printeren er død.', messageId })))
    const toAnna = await flow.waitForMail(ANNA.address, (mail) => mail.subject.includes(subject))
    const number = Number(/#(\d+)/.exec(toAnna.message.subject)?.[1])
    const kimsKey = replyAddress(flow.config.secrets, SUPPORT, number, 'customer', Date.now())
    return { number, toAnna, kimsKey, messageId, subject: `Re: ${subject}` }
  }

  const show = async (number: number): Promise<CaseView> => await flow.waitForCase(number, () => true)

  /** The mail is seen by agents alone, changes nothing, and no mail about it goes to Kim. */
  const expectHeld = async (number: number, raw: string) => {
    const [before, kims] = [await show(number), flow.arrived(KIM.address).length]
    await deliver(raw)
    const after = await show(number)
    expect(after.comments).toHaveLength(before.comments.length + 1)
    expect(after.comments.at(-1)).toMatchObject({ role: 'system', visibility: 'internal' })
    expect(after.status).toBe(before.status)
    expect(flow.arrived(KIM.address)).toHaveLength(kims)
    return after
  }

  it('none: what the agent and the contact write themselves is let in', async () => {
    const { number, toAnna, kimsKey } = await openCase('none')
    await deliver(under(GENUINE_AGENT, answerTo(toAnna, ANNA, 'Sluk og tænd.')))
    await deliver(under(GENUINE, letter({ to: kimsKey, text: 'Det hjalp.' })))
    expect((await show(number)).comments.map((it) => [it.role, it.visibility])).toEqual([
      ['agent', 'public'],
      ['contact', 'public'],
    ])
  })

  it.each([
    ['fails', SPOOFED],
    ['proves nothing', server('spf=softfail smtp.mailfrom=private.test; dkim=none; dmarc=none')],
    ['was not made', ''],
    [
      'is about the forger',
      server('spf=pass smtp.mailfrom=mallory@evil.test; dkim=pass header.d=evil.test; dmarc=none'),
    ],
  ])('spoofed agent: with the key of a leaked notice, where the check %s', async (what, header) => {
    const { number, toAnna } = await openCase(`spoofed agent ${what}`)
    const after = await expectHeld(
      number,
      under(header === '' ? [] : header, answerTo(toAnna, ANNA, '#closed\nFarvel, idiot.')).trimStart(),
    )
    expect(JSON.stringify(after.log)).not.toContain(ANNA.address)
    expect(after.log.at(-1)?.from).toContain('verified is asked for')
  })

  it('spoofed contact: with a copied Message-ID, and with the stolen key', async () => {
    const { number, kimsKey, messageId, subject } = await openCase('spoofed contact')
    await expectHeld(number, under(SPOOFED, letter({ subject, text: 'Luk sagen.', references: [messageId] })))
    await expectHeld(number, under(SPOOFED, letter({ to: kimsKey, text: 'Luk sagen.' })))
    await expectHeld(
      number,
      under(server('spf=fail smtp.mailfrom=customer.test; dkim=none'), letter({ to: kimsKey, text: 'Nu!' })),
    )
  })

  it('spoofed contact who claims to be forwarded: a copied Message-ID is not enough', async () => {
    const { number, kimsKey, messageId, subject } = await openCase('forwarded contact')
    const forwarded = server('dkim=fail header.d=customer.test; dmarc=fail header.from=customer.test; arc=pass')
    await expectHeld(number, under(forwarded, letter({ subject, text: 'Luk sagen.', references: [messageId] })))
    await deliver(under(forwarded, letter({ to: kimsKey, text: 'Videresendt svar.' })))
    expect((await show(number)).comments.at(-1)).toMatchObject({ role: 'contact', visibility: 'public' })
  })

  it('spoofed contact of a new case: the case is opened, and the victim hears nothing', async () => {
    const victim = { name: 'Vera', address: 'vera@victim.test' }
    await deliver(under(SPOOFED, letter({ from: victim, subject: 'spoofed opening', text: 'Køb nu!' })))
    await flow.waitForMail(ANNA.address, (mail) => mail.subject.includes('spoofed opening'))
    expect(flow.arrived(victim.address)).toEqual([])
  })

  describe('forged Authentication-Results', () => {
    const forged =
      'Authentication-Results: mx.acme.test; dmarc=pass header.from=private.test; dkim=pass header.d=private.test'
    const quoted = '"x); dmarc=pass header.from=private.test; dkim=pass header.d=private.test ("@evil.test'
    it.each<[string, string[]]>([
      ["below the server's own", [server('dmarc=fail header.from=private.test'), forged]],
      ["below the server's own, about what it does not say", [server('spf=none'), 'Received: from evil.test', forged]],
      ['below that of a foreign server', ['Authentication-Results: mx.evil.test; none', forged]],
      [
        'in a comment of the envelope sender',
        [server(`spf=fail (mx.acme.test: domain of ${quoted} does not designate 192.0.2.1); dmarc=fail`)],
      ],
      [
        'in a quoted value',
        [server('spf=fail smtp.mailfrom="; dmarc=pass header.from=private.test"@evil.test; dmarc=none')],
      ],
      ['in a nested comment', [server('dkim=none (a (b) dmarc=pass; dmarc=pass header.from=private.test); spf=none')]],
      ['under a name that only looks like ours', ['Authentication-Results: (mx.acme.test;) evil.test; dmarc=pass']],
      ['as Received-SPF', ['Received-SPF: pass (mx.acme.test: domain of anna@private.test designates 192.0.2.1)']],
      ['as ARC-Authentication-Results', [`ARC-${forged.replace('mx.acme', 'i=1; mx.acme')}`]],
    ])('%s', async (what, lines) => {
      const { number, toAnna } = await openCase(`forged ${what.replaceAll("'", '')}`)
      await expectHeld(number, under(lines, answerTo(toAnna, ANNA, '#closed\nFarvel.')))
    })
  })

  it.each([
    ['the agent first', (raw: string) => raw.replace(/^From: /m, `From: <${MALLORY.address}>\r\nFrom: `)],
    ['the agent last', (raw: string) => raw.replace(/^(From: .*)$/m, `$1\r\nFrom: <${MALLORY.address}>`)],
    ['both in one', (raw: string) => raw.replace(/^(From: .*)\r$/m, `$1, <${MALLORY.address}>\r`)],
  ])('two From headers, %s', async (what, forge) => {
    const { number, toAnna } = await openCase(`two From ${what}`)
    const passes = server('dkim=pass header.d=evil.test; dkim=pass header.d=private.test; dmarc=none')
    await expectHeld(number, under(passes, forge(answerTo(toAnna, ANNA, '#closed\nFarvel.'))))
  })

  it('display name that is an address', async () => {
    const { number, toAnna } = await openCase('display name')
    const passes = server('dmarc=pass header.from=evil.test')
    await expectHeld(number, under(passes, answerTo(toAnna, { ...MALLORY, name: ANNA.address }, '#closed\nFarvel.')))
  })

  it.each(['custоmer.test', 'xn--custmer-1of.test'])('homograph domain %s', async (domain) => {
    const { number, kimsKey } = await openCase(`homograph ${domain.slice(0, 4)}`)
    const passes = server('dmarc=pass header.from=xn--custmer-1of.test')
    await expectHeld(
      number,
      under(passes, letter({ from: { ...KIM, address: `kim@${domain}` }, to: kimsKey, text: 'Luk sagen.' })),
    )
  })

  it('key of another installation: it opens nothing', async () => {
    const { number } = await openCase('other installation')
    const foreign: [string] = ['another secret of at least thirty-two characters']
    const to = replyAddress(foreign, SUPPORT, number, 'agent', Date.now())
    const references = [ownMessageId(foreign, 'acme.test', number, 'root')]
    await deliver(under(GENUINE_AGENT, letter({ from: ANNA, to, references, subject: 'foreign key', text: '#closed' })))
    expect(await show(number)).toMatchObject({ status: 'new', comments: [] })
  })

  it('mailing list: a spoofed answer that pretends to come from one', async () => {
    const { number, kimsKey } = await openCase('mailing list')
    await expectHeld(
      number,
      under([SPOOFED, 'List-Id: <friends.evil.test>'], letter({ to: kimsKey, text: 'Luk sagen.' })),
    )
  })
})

describe("attacks on trust, with Posthorn's own check", () => {
  const [customer, agents] = ['customer.test', 'private.test'].map((domain) =>
    signingDomain(domain, { dmarc: 'v=DMARC1; p=reject', spf: 'v=spf1 -all' }),
  )
  if (!customer || !agents) throw new Error('unreachable')
  const evil = signingDomain('evil.test')
  let flow: Flow
  beforeAll(async () => {
    flow = await startFlow({
      engine: 'sqlite',
      kind: embedded,
      resolver: nameServer(customer, agents, evil),
      over: (config) => withTrust(config, { authservId: null, check: 'own', agents: null }),
    })
  })
  afterAll(async () => await flow.close())

  const answer = async (signer: typeof evil, { message }: Arrived, text: string) =>
    String(
      await signer.sign({
        from: `${ANNA.name} <${ANNA.address}>`,
        to: message.replyTo[0]?.address ?? '',
        subject: `Re: ${message.subject}`,
        text,
        headers: { 'In-Reply-To': `<${message.messageId}>` },
      }),
    )

  it('spoofed agent: only what is signed by her domain is let in as hers', async () => {
    const question = {
      from: `Kim <${KIM.address}>`,
      to: 'support@acme.test',
      subject: 'Printeren',
      text: 'Den er død.',
    }
    await flow.deliver(String(await customer.sign(question)))
    const toAnna = await flow.waitForMail(ANNA.address)
    await flow.deliver(await answer(evil, toAnna, '#closed\nFarvel.'))
    await flow.deliver(await answer(agents, toAnna, 'Sluk og tænd.'))
    await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Sluk og tænd.'))
    const it = await flow.waitForCase(1, (it) => it.comments.length === 2)
    expect(it.comments.map(({ role, visibility }) => [role, visibility])).toEqual([
      ['system', 'internal'],
      ['agent', 'public'],
    ])
    expect(it.status).toBe('open')
  })
})

/** Kim writes a lot here, and the agents are to hear of all of it. */
function withTrust(config: Config, trust: Config['mailboxes'][number]['trust']): Config {
  const budgets = { ...config.budgets, toldPerMinute: 1_000 }
  return { ...config, budgets, mailboxes: config.mailboxes.map((mailbox) => ({ ...mailbox, trust })) }
}
