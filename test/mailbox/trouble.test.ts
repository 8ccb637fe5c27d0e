import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startImapServer } from '../../src/sandbox/imap-server.ts'
import { imapConfig, mailServers, type TestMailServer } from '../support/mail-servers.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { MemoryIntake } from './memory-intake.ts'
import { closeAll, closers, mail, mailboxConfig, mails, subjects, watch } from './watching.ts'

afterEach(closeAll)

describe.each(mailServers)('trouble with $name', ({ start }) => {
  let server: TestMailServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.close())

  async function setUp() {
    const user = server.newUser()
    const proxy = await startTcpProxy(server.port)
    closers.push(() => proxy.close())
    const mailbox = mailboxConfig({ ...server.imap(user), port: proxy.port })
    return { user, proxy, intake: new MemoryIntake(), mailbox }
  }

  it('a connection cut in mid-fetch loses nothing and hands nothing on twice', async () => {
    const { user, proxy, intake, mailbox } = await setUp()
    await server.append(user, 'INBOX', [...mails(30), mail('with much text', 'x'.repeat(60_000)), ...mails(30, 31)])
    proxy.cutAfter = 20_000
    const watching = watch(mailbox, intake)
    await intake.until(() => intake.mails.length === 61)
    expect(proxy.cuts).toBe(1)
    expect(intake.handedOn).toBe(61)
    expect(await watching.line((line) => line.msg === 'mailbox is back')).toBeDefined()
  })

  it('a connection cut while a long mail is written to its file begins it anew', async () => {
    const { user, proxy, intake, mailbox } = await setUp()
    const long = mail('long', 'y'.repeat(76).concat('\r\n').repeat(40_000))
    await server.append(user, 'INBOX', [long])
    proxy.cutAfter = 2_000_000
    watch(mailbox, intake)
    await intake.until(() => intake.mails.length === 1)
    expect(proxy.cuts).toBe(1)
    expect(intake.mails[0] === long).toBe(true)
  })

  it('a connection lost while idling is made anew, and what came meanwhile is taken in', async () => {
    const { user, proxy, intake, mailbox } = await setUp()
    watch(mailbox, intake)
    await intake.until(() => intake.looks.length === 1)
    proxy.refusing = true
    proxy.drop()
    await server.append(user, 'INBOX', [mail('meanwhile')])
    proxy.refusing = false
    await intake.until(() => intake.mails.length === 1)
  })

  it('a mail expunged between the search and the fetch is simply not there', async () => {
    const { user, proxy, intake, mailbox } = await setUp()
    await server.append(user, 'INBOX', mails(3))
    const somebody = await server.client(user)
    await somebody.mailboxOpen('INBOX')
    proxy.beforeClient = async (text) => {
      if (!text.includes('UID FETCH')) return
      proxy.beforeClient = null
      await somebody.messageDelete('2', { uid: true })
    }
    watch(mailbox, intake)
    await intake.until(() => intake.looks.length === 1)
    expect(subjects(intake.mails)).toEqual(['number 1', 'number 3'])
  })

  it('flags that somebody sets during a fetch are no mails', async () => {
    const { user, proxy, intake, mailbox } = await setUp()
    await server.append(user, 'INBOX', mails(3))
    const somebody = await server.client(user)
    await somebody.mailboxOpen('INBOX')
    watch(mailbox, intake)
    await intake.until(() => intake.looks.length === 1)
    await somebody.messageFlagsAdd('1:*', ['\\Flagged'])
    proxy.beforeClient = async (text) => {
      if (!text.includes('UID FETCH')) return
      proxy.beforeClient = null
      await somebody.messageFlagsAdd('1:*', ['\\Seen'])
    }
    await server.append(user, 'INBOX', [mail('new')])
    await intake.until(() => intake.mails.length === 4)
    expect(intake.handedOn).toBe(4)
  })

  it('a receiver that fails gets the same mails again, and nothing is acknowledged before', async () => {
    const { user, intake, mailbox } = await setUp()
    await server.append(user, 'INBOX', mails(3))
    let failures = 0
    intake.before = () => {
      failures += 1
      if (failures === 1) throw new Error('the database is away')
    }
    const watching = watch({ ...mailbox, after: { kind: 'delete' } }, intake)
    const line = await watching.line((one) => one.level === 'error')
    expect(line).toMatchObject({ loop: 'mailbox support', error: 'the database is away', retryInMs: 1000 })
    expect(await server.list(user, 'INBOX')).toHaveLength(3)
    await intake.until(() => intake.mails.length === 3)
  })

  it('a mail that could not be taken in is tried again later, and holds up no other', async () => {
    const { user, intake, mailbox } = await setUp()
    await server.append(user, 'INBOX', [mail('poison'), mail('good')])
    intake.outcome = (_mail, text) => (text.includes('poison') ? 'retry' : 'taken')
    watch({ ...mailbox, pollSeconds: 0.2 }, intake)
    await intake.until(() => intake.looks.length >= 3)
    expect(intake.handedOn).toBe(2)
    intake.outcome = () => 'taken'
    await intake.until(() => intake.mails.length === 2)
    expect(intake.handedOn).toBe(3)
  })

  it('one mailbox that cannot log in says what to do, and stops no other', async () => {
    const { user, intake, mailbox } = await setUp()
    const wrong = { ...mailbox.imap, auth: { kind: 'password', password: 'wrong' } } as const
    const failing = watch({ ...mailbox, name: 'sales', imap: wrong }, intake)
    watch(mailbox, intake)
    await server.append(user, 'INBOX', [mail('help')])
    await intake.until(() => intake.mails.length === 1)
    const line = await failing.line((one) => one.level === 'error')
    expect(line).toMatchObject({ loop: 'mailbox sales', retryInMs: 5000 })
    expect(line.error).toMatch(/login refused.*Check imap.user and imap.password of the mailbox sales/)
    expect(JSON.stringify(line)).not.toContain('wrong')
  })

  it('a folder that does not exist is named, and used as soon as it does', async () => {
    const { user, intake, mailbox } = await setUp()
    const watching = watch({ ...mailbox, folder: 'Desk' }, intake)
    const line = await watching.line((one) => one.level === 'error')
    expect(line.error).toMatch(/the folder Desk does not exist.*Create it/)
    await server.append(user, 'Desk', [mail('here now')])
    await intake.until(() => intake.mails.length === 1)
  })

  it('a server that falls silent is given up, and asked again', async () => {
    const { user, proxy, intake, mailbox } = await setUp()
    const watching = watch({ ...mailbox, pollSeconds: 0.2 }, intake, { silence: 500 })
    await intake.until(() => intake.looks.length === 1)
    proxy.silent = true
    await server.append(user, 'INBOX', [mail('unheard')])
    await watching.line((line) => line.level === 'error')
    proxy.silent = false
    await intake.until(() => intake.mails.length === 1)
  })
})

describe('a mail that the server lists without content', () => {
  it('never counts as taken, is named in the log, and does not hold up the others', async () => {
    const user = { user: 'support', password: 'secret', address: 'support@example.com' }
    const server = await startImapServer({ users: [user] })
    closers.push(() => server.close())
    for (const text of [mail('one'), '', mail('three')]) server.append('support', 'INBOX', text)
    const intake = new MemoryIntake()
    const mailbox = mailboxConfig(imapConfig(server.port, 'support'), { after: { kind: 'delete' }, pollSeconds: 0.2 })
    const watching = watch(mailbox, intake)
    const line = await watching.line((one) => one.level === 'error')
    expect(line).toMatchObject({ uids: [2], count: 1 })
    expect(subjects(intake.mails)).toEqual(['one', 'three'])
    expect(server.list('support', 'INBOX').map(({ uid }) => uid)).toEqual([2])
  })
})
