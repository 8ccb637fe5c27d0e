import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TAKEN_KEYWORD } from '../../src/mailbox/acknowledge.ts'
import { embedded, mailServers, type TestMailServer } from '../support/mail-servers.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { MemoryIntake } from './memory-intake.ts'
import { closeAll, closers, mail, mailboxConfig, mails, subjects, watch } from './watching.ts'

afterEach(closeAll)

/** Each server as it is, without MOVE (Courier), and with nothing but what RFC 3501 asks for. */
const kinds = mailServers.flatMap(({ name, start }) => [
  { name, start },
  { name: `${name} without MOVE`, start: () => start({ without: ['MOVE'] }) },
  { name: `${name} without MOVE, UIDPLUS and IDLE`, start: () => start({ without: ['MOVE', 'UIDPLUS', 'IDLE'] }) },
])

describe.each(kinds)('after a mail was taken in, on $name', ({ name, start }) => {
  let server: TestMailServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.close())

  function setUp() {
    const user = server.newUser()
    return { user, intake: new MemoryIntake(), mailbox: mailboxConfig(server.imap(user)) }
  }

  const allAcknowledged = (intake: MemoryIntake, count: number) => () =>
    intake.places.filter((place) => place.acknowledged).length === count

  it('moves it, and makes the folder the first time', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(70))
    watch({ ...mailbox, after: { kind: 'move', folder: 'Processed' } }, intake)
    await intake.until(allAcknowledged(intake, 70))
    expect(await server.list(user, 'INBOX')).toEqual([])
    expect(await server.list(user, 'Processed')).toHaveLength(70)
  })

  it.runIf(!name.includes('IDLE'))('tells the server right after the commit, not at the next look', async () => {
    const { user, intake, mailbox } = setUp()
    watch({ ...mailbox, after: { kind: 'move', folder: 'Processed' } }, intake)
    await intake.until(() => intake.looks.length === 1)
    await server.append(user, 'INBOX', [mail('new')])
    await intake.until(allAcknowledged(intake, 1))
    expect(await server.list(user, 'Processed')).toHaveLength(1)
  })

  it('flags it', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(2))
    watch({ ...mailbox, after: { kind: 'flag' } }, intake)
    await intake.until(allAcknowledged(intake, 2))
    for (const { flags } of await server.list(user, 'INBOX'))
      expect(flags).toEqual(expect.arrayContaining(['\\Seen', TAKEN_KEYWORD]))
  })

  it('deletes it', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(2))
    watch({ ...mailbox, after: { kind: 'delete' } }, intake)
    await intake.until(allAcknowledged(intake, 2))
    expect(await server.list(user, 'INBOX')).toEqual([])
  })

  it('never removes what somebody else has marked as deleted', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', [mail('somebody’s own')], ['\\Deleted'])
    await server.append(user, 'INBOX', mails(2))
    intake.outcome = (_mail, text) => (text.includes('own') ? 'kept' : 'taken')
    watch({ ...mailbox, after: { kind: 'delete' } }, intake)
    await intake.until(allAcknowledged(intake, 3))
    expect((await server.list(user, 'INBOX')).map(({ uid }) => uid)).toContain(1)
  })

  it('leaves it as it is', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(2))
    watch({ ...mailbox, after: { kind: 'leave' } }, intake)
    await intake.until(allAcknowledged(intake, 2))
    const left = await server.list(user, 'INBOX')
    expect(left.map(({ flags }) => flags.filter((flag) => flag !== '\\Recent'))).toEqual([[], []])
  })

  it('does nothing to a mail that is to stay, or that was not taken in', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', [mail('stay'), mail('fail'), mail('take')])
    intake.outcome = (_mail, text) => (text.includes('stay') ? 'kept' : text.includes('fail') ? 'retry' : 'taken')
    watch({ ...mailbox, after: { kind: 'delete' } }, intake)
    await intake.until(() => intake.looks.length === 1)
    const left = (await server.list(user, 'INBOX')).filter(({ flags }) => !flags.includes('\\Deleted'))
    expect(subjects(left.map(({ source }) => source))).toEqual(['stay', 'fail'])
  })

  it('does it later when the program ended between commit and acknowledgement', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(3))
    const moving = { ...mailbox, after: { kind: 'move', folder: 'Processed' } } as const
    const proxy = await startTcpProxy(server.port)
    closers.push(() => proxy.close())
    // The commit happens; of the acknowledgement nothing reaches the server.
    intake.before = () => {
      proxy.silent = true
    }
    const first = watch({ ...moving, imap: { ...mailbox.imap, port: proxy.port } }, intake)
    await intake.until(() => intake.mails.length === 3)
    proxy.drop()
    await first.stop()
    expect(await server.list(user, 'INBOX')).toHaveLength(3)
    watch(moving, intake)
    await intake.until(allAcknowledged(intake, 3))
    expect(await server.list(user, 'INBOX')).toEqual([])
    expect(intake.handedOn).toBe(3)
  })

  it('counts it as done when somebody has moved the mail meanwhile', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(2))
    intake.before = async () => {
      const somebody = await server.client(user)
      await somebody.mailboxOpen('INBOX')
      await somebody.messageDelete('1', { uid: true })
    }
    watch({ ...mailbox, after: { kind: 'move', folder: 'Processed' } }, intake)
    await intake.until(allAcknowledged(intake, 2))
    expect(await server.list(user, 'Processed')).toHaveLength(1)
  })
})

describe('a server that refuses to move', () => {
  it('stops no mail from being taken in, and the log says so', async () => {
    const server = await embedded.start()
    closers.push(() => server.close())
    const user = server.newUser()
    const intake = new MemoryIntake()
    await server.append(user, 'INBOX', mails(60))
    // A folder inside INBOX is what this server does not make.
    const after = { kind: 'move', folder: 'INBOX' } as const
    const watching = watch(mailboxConfig({ ...server.imap(user) }, { after: { ...after, folder: '//' } }), intake)
    await intake.until(() => intake.mails.length === 60 && intake.looks.length === 1)
    const line = await watching.line((one) => one.level === 'error')
    expect(line.msg).toMatch(/taken in, but the server could not be told/)
  })
})
