import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { casePolicy } from '../../../src/app.ts'
import { explain } from '../../../src/cases/explain.ts'
import { admitHeld } from '../../../src/cases/hold.ts'
import { realWorld } from '../../../src/core/world.ts'
import { readMail } from '../../../src/message/read-mail.ts'
import { readGlob } from '../../../src/model/glob.ts'
import type { AdministratorRule } from '../../../src/model/rule.ts'
import { listHolds } from '../../../src/store/holds.ts'
import { EICAR, startClamd, type TestClamd } from '../../support/clamd.ts'
import { engines } from '../../support/databases.ts'
import { ANNA, type Arrived, answerTo, BO, type Flow, KIM, letter, SUPPORT, startFlow } from '../../support/flow.ts'
import { embedded } from '../../support/mail-servers.ts'

const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }

function rule(name: string, subject: string, actions: Partial<AdministratorRule['actions']>): AdministratorRule {
  const none: AdministratorRule['conditions'] = {
    headers: [],
    from: [],
    to: [],
    subject: [],
    mailbox: [],
    text: [],
    attachment: [],
    automatic: null,
  }
  const set = { priority: null, product: null, category: null, tags: [] }
  return {
    name,
    conditions: { ...none, subject: [readGlob(subject)] },
    actions: { set, assign: null, ignore: false, hold: false, ...actions },
  }
}

const RULES = [
  rule('newsletters', 'tilbud', { ignore: true }),
  rule('suspicious', 'mistænkelig', { hold: true }),
  rule('invoices', 'faktura', {
    set: { priority: 'high', product: null, category: 'Billing', tags: ['invoice'] },
    assign: ANNA.address,
  }),
]

/** A mail with one attachment. */
function withFile(subject: string, content: string, from = KIM): string {
  return [
    `Return-Path: <${from.address}>`,
    `From: ${from.address}`,
    `To: ${SUPPORT}`,
    `Subject: ${subject}`,
    `Message-ID: <${subject.replaceAll(' ', '-')}@customer.test>`,
    'Date: Fri, 20 Nov 2026 10:00:00 +0100',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Se filen: ${subject}`,
    '--b',
    'Content-Type: application/octet-stream; name="tool.exe"',
    'Content-Disposition: attachment; filename="tool.exe"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(content).toString('base64'),
    '--b--',
    '',
  ].join('\r\n')
}

describe.each(engines)('what is held, through the whole program on %s', (engine) => {
  let flow: Flow
  let clamd: TestClamd
  let toKim: Arrived
  let mails = 0
  beforeAll(async () => {
    clamd = await startClamd()
    flow = await startFlow({
      engine,
      kind: embedded,
      over: (config) => ({
        ...config,
        rules: RULES,
        clamd: { host: clamd.host, port: clamd.port, timeoutSeconds: 5 },
      }),
    })
    await deliver(letter({ text: 'Den er død.' }))
    const toAnna = await flow.waitForMail(ANNA.address)
    await deliver(answerTo(toAnna, ANNA, 'Sluk for den.'))
    toKim = await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Sluk for den.'))
  })
  afterAll(async () => {
    await flow.close()
    await clamd.close()
  })

  const deliver = async (...raws: string[]) => {
    mails += raws.length
    await flow.deliver(...raws)
    await flow.settled(mails)
  }
  const taken = async (subject: string) =>
    await flow.store.db
      .selectFrom('mails')
      .leftJoin('cases', 'cases.id', 'mails.case_id')
      .select(['decision', 'reason', 'cases.number', 'cases.id'])
      .where('subject', '=', subject)
      .executeTakeFirstOrThrow()
  const waiting = async () => await listHolds(flow.store.db, 'waiting')
  const noticesTo = (address: string, words: string) =>
    flow.arrived(address).filter((mail) => mail.message.text.includes(words))

  it('a stranger with a key waits: agents read why and how, and the customer hears of it once it is let in', async () => {
    await deliver(
      letter({ from: MALLORY, to: toKim.message.replyTo[0]?.address ?? '', subject: 'Re', text: 'Luk mig ind' }),
    )
    const notice = await flow.waitForMail(BO.address, (mail) => mail.text.includes('Luk mig ind'))
    expect(notice.message.text).toContain('Holdt tilbage: somebody without a part in case #1')
    expect(notice.message.text).toContain('#admit')
    expect(noticesTo(KIM.address, 'Luk mig ind')).toEqual([])
    await deliver(answerTo(notice, BO, '#admit'))
    await flow.waitForMail(KIM.address, (mail) => mail.text.includes('Luk mig ind'))
    expect((await flow.waitForCase(1, () => true)).participants).toContainEqual(MALLORY)
    expect(await waiting()).toEqual([])
  })

  it('malware: the mail is held, agents hear of it, and its attachment reaches nobody', async () => {
    await deliver(withFile('Med virus', EICAR))
    expect(await taken('Med virus')).toMatchObject({
      decision: 'open',
      reason: 'the malware check found Eicar-Test-Signature',
    })
    const notice = await flow.waitForMail(ANNA.address, (mail) => mail.text.includes('Se filen: Med virus'))
    expect(notice.message.attachments).toEqual([])
    expect(notice.message.text).toContain('tool.exe')
    expect(notice.message.text).toContain('Held back: the malware check found')
    expect(flow.smtp.mails.some((mail) => mail.raw.includes(Buffer.from(EICAR).toString('base64').slice(0, 60)))).toBe(
      false,
    )
    expect(await waiting()).toMatchObject([{ comment_id: null, title: 'Med virus' }])
  })

  it('malware: a clean mail keeps its attachment', async () => {
    await deliver(withFile('Uden virus', 'harmless'))
    const notice = await flow.waitForMail(ANNA.address, (mail) => mail.text.includes('Se filen: Uden virus'))
    expect(notice.message.attachments).toMatchObject([{ filename: 'tool.exe' }])
  })

  it('malware: a check that cannot be made loses no mail, and sends no attachment on', async () => {
    clamd.behave('garble')
    await deliver(withFile('Uden svar', 'harmless'))
    clamd.behave('work')
    const notice = await flow.waitForMail(ANNA.address, (mail) => mail.text.includes('Se filen: Uden svar'))
    expect(notice.message.attachments).toEqual([])
    expect(notice.message.text).toContain('tool.exe')
    expect(flow.log.lines.some((line) => String(line.msg).includes('malware check could not be made'))).toBe(true)
    const it = await flow.waitForCase((await taken('Uden svar')).number ?? 0, () => true)
    expect(it.attachments).toMatchObject([{ filename: 'tool.exe' }])
  })

  it("a rule of the administrator's ignores, holds, or says what a case begins with", async () => {
    await deliver(
      letter({ subject: 'Godt TILBUD', text: 'Køb nu' }),
      letter({ subject: 'En mistænkelig sag', text: 'Klik her' }),
      letter({ subject: 'Faktura 17', text: 'Se denne' }),
    )
    expect(await taken('Godt TILBUD')).toMatchObject({ decision: 'ignore', number: null })
    expect((await taken('Godt TILBUD')).reason).toContain("the rule 'newsletters'")
    const held = await taken('En mistænkelig sag')
    expect(await waiting()).toContainEqual(expect.objectContaining({ id: held.id, state: 'held' }))
    const it = await flow.waitForCase((await taken('Faktura 17')).number ?? 0, () => true)
    expect(it).toMatchObject({ priority: 'high', category: 'Billing', assignee: ANNA.name })
    expect(it.log.map((row) => row.what)).toEqual(expect.arrayContaining(['priority', 'category', 'tags', 'assignee']))
  })

  it("explain shows what a rule of the administrator's would do, and takes nothing in", async () => {
    const { message, identity } = await readMail(Buffer.from(letter({ subject: 'Nyt tilbud', text: 'x' })))
    const ctx = { store: flow.store, world: realWorld, policy: casePolicy(flow.config) }
    const { judgement } = await explain(ctx, message, identity)
    expect(judgement.decision.kind).toBe('ignore')
    expect(judgement.rules.at(-1)).toEqual({
      rule: 'administrator',
      applied: true,
      because: "the rule 'newsletters' ignores it",
    })
  })

  it('spam opens a case of low priority without a receipt, since its sender may be forged', async () => {
    const victim = { name: 'Victim', address: 'victim@elsewhere.test' }
    await deliver(letter({ from: victim, subject: 'Vundet', text: 'Penge', headers: ['X-Spam-Flag: YES'] }))
    const it = await flow.waitForCase((await taken('Vundet')).number ?? 0, () => true)
    expect(it.priority).toBe('low')
    expect(flow.arrived(victim.address)).toEqual([])
  })

  it("spam verdict on a member's answer changes nothing: it carries a key", async () => {
    await deliver(answerTo(toKim, KIM, 'Tak').replace('From:', 'X-Spam-Flag: YES\r\nFrom:'))
    expect((await flow.waitForCase(1, () => true)).comments.at(-1)).toMatchObject({ role: 'contact', text: 'Tak' })
  })

  it('spam that is held tells nobody until it is admitted', async () => {
    await flow.restart({ spam: 'hold' })
    await deliver(
      letter({ from: MALLORY, subject: 'Mere vundet', text: 'Flere penge', headers: ['X-Spam-Status: Yes, score=9'] }),
    )
    const { id } = await taken('Mere vundet')
    expect(noticesTo(ANNA.address, 'Flere penge')).toEqual([])
    const ctx = { store: flow.store, world: realWorld, policy: casePolicy(flow.config) }
    await flow.store.transaction(async (tx) => await admitHeld(tx, ctx, id ?? '', null))
    await flow.waitForMail(ANNA.address, (mail) => mail.text.includes('Flere penge'))
  })

  it.each<[string, string, string]>([
    ['subject', 'From: Kim <kim@customer.test>', 'Subject: =?utf-8?Q?Sag=0D=0ABcc:=20everybody@elsewhere.test?='],
    ['name', 'From: =?utf-8?Q?Kim=0D=0ABcc:=20everybody@elsewhere.test?= <kim@customer.test>', 'Subject: Navn'],
    [
      'name and subject with bare line ends',
      'From: "Kim\rBcc: x" <kim@customer.test>',
      'Subject: Sag\rBcc: everybody@elsewhere.test',
    ],
  ])('header injection in the %s adds no header and no recipient', async (what, from, subject) => {
    const before = flow.smtp.mails.length
    await deliver(
      `${from}\r\nTo: ${SUPPORT}\r\n${subject}\r\nMessage-ID: <injection-${what.replaceAll(' ', '-')}@customer.test>\r\n\r\nInjektion ${what}\r\n`,
    )
    await flow.waitForMail(ANNA.address, (mail) => mail.text.includes(`Injektion ${what}`))
    for (const mail of flow.smtp.mails.slice(before)) {
      expect(mail.to).not.toContain('everybody@elsewhere.test')
      const head = mail.raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
      expect(head).not.toMatch(/^bcc:/im)
    }
  })

  it.each<[string, string]>([
    ['a name that decodes to an address', '=?utf-8?Q?anna=40private.test?= <mallory@elsewhere.test>'],
    [
      'a name that decodes to an address in brackets',
      '=?utf-8?B?QW5uYSA8YW5uYUBwcml2YXRlLnRlc3Q+?= <mallory@elsewhere.test>',
    ],
    ['an encoded word in the address itself', '=?utf-8?Q?anna?=@private.test <mallory@elsewhere.test>'],
    ['a quoted string that holds a whole address', '"Anna <anna@private.test>" <mallory@elsewhere.test>'],
  ])('encoded-word tricks: %s makes nobody an agent', async (what, from) => {
    const subject = `Trick ${what}`
    await deliver(
      `From: ${from}\r\nTo: ${toKim.message.replyTo[0]?.address}\r\nSubject: ${subject}\r\nMessage-ID: <trick-${what.replaceAll(' ', '-')}@elsewhere.test>\r\n\r\n#solved\r\nUdgivet ${what}\r\n`,
    )
    const it = await flow.waitForCase(1, () => true)
    expect(it.status).not.toBe('solved')
    expect(it.comments.filter((one) => one.role === 'agent').some((one) => one.text.includes(what))).toBe(false)
  })
})
