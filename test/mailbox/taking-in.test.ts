import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mailServers, type TestMailServer } from '../support/mail-servers.ts'
import { MemoryIntake } from './memory-intake.ts'
import { closeAll, mail, mailboxConfig, mails, subjects, watch } from './watching.ts'

afterEach(closeAll)

describe.each(mailServers)('a mailbox on $name', ({ start }) => {
  let server: TestMailServer
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.close())

  function setUp() {
    const user = server.newUser()
    return { user, intake: new MemoryIntake(), mailbox: mailboxConfig(server.imap(user)) }
  }

  it('gives what is there in UID order, then what comes', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(120))
    watch(mailbox, intake)
    await intake.until(() => intake.mails.length === 120 && intake.looks.length === 1)
    expect(intake.batches.flat()).toEqual(intake.batches.flat().toSorted((a, b) => a - b))
    expect(intake.batches.map((batch) => batch.length)).toEqual([50, 50, 20])
    await server.append(user, 'INBOX', [mail('one more')])
    await intake.until(() => intake.mails.length === 121)
    expect(intake.handedOn).toBe(121)
    // What is announced is fetched straight away, without looking at the whole folder again.
    expect(intake.looks).toEqual([120])
  })

  it('takes in a mail that somebody has opened', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', [mail('opened')], ['\\Seen'])
    watch(mailbox, intake)
    await intake.until(() => intake.mails.length === 1)
    expect(subjects(intake.mails)).toEqual(['opened'])
  })

  it('takes in what somebody moves into the folder by the hundred', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'Old', mails(130))
    watch(mailbox, intake)
    await intake.until(() => intake.looks.length === 1)
    const somebody = await server.client(user)
    await somebody.mailboxOpen('Old')
    await somebody.messageMove('1:*', 'INBOX')
    await intake.until(() => intake.mails.length === 130)
    expect(intake.handedOn).toBe(130)
  })

  it('lives on when somebody empties the folder', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(3))
    watch(mailbox, intake)
    await intake.until(() => intake.looks.length === 1)
    const somebody = await server.client(user)
    await somebody.mailboxOpen('INBOX')
    await somebody.messageDelete('1:*')
    await server.append(user, 'INBOX', [mail('after')])
    await intake.until(() => intake.mails.length === 4)
    expect(subjects(intake.mails).at(-1)).toBe('after')
  })

  it('takes in more than a thousand mails in pages while others arrive', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(1000))
    watch(mailbox, intake)
    await intake.until(() => intake.mails.length >= 100)
    await server.append(user, 'INBOX', mails(60, 1001))
    await intake.until(() => intake.mails.length === 1060)
    expect(intake.handedOn).toBe(1060)
    expect(intake.batches.flat()).toEqual(intake.batches.flat().toSorted((a, b) => a - b))
  })

  it('looks at everything again by itself, and hands nothing on twice', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(3))
    watch({ ...mailbox, pollSeconds: 0.1 }, intake)
    await intake.until(() => intake.looks.length >= 4)
    expect(intake.handedOn).toBe(3)
  })

  it('hands on a long mail as a file, byte for byte', async () => {
    const { user, intake, mailbox } = setUp()
    const long = mail('long', 'x'.repeat(76).concat('\r\n').repeat(40_000))
    await server.append(user, 'INBOX', [mail('before'), long, mail('after')])
    const kinds: string[] = []
    intake.before = (batch) => {
      for (const { source } of batch) kinds.push('path' in source ? `file of ${source.size}` : 'memory')
    }
    watch(mailbox, intake)
    await intake.until(() => intake.mails.length === 3)
    expect(kinds).toEqual(['memory', `file of ${long.length}`, 'memory'])
    expect(intake.mails[1] === long).toBe(true)
  })

  it('leaves a mail over the limit on the server and hands on its header', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', [mail('huge', 'x'.repeat(700_000)), mail('big', 'y'.repeat(9_000)), mail('ok')])
    watch({ ...mailbox, after: { kind: 'delete' } }, intake, { mailSize: 8_000 })
    await intake.until(() => intake.looks.length === 1)
    expect(subjects(intake.mails)).toEqual(['ok'])
    expect(intake.tooLargeMails.map(({ uid }) => uid)).toEqual([1, 2])
    expect(intake.tooLargeMails[0]?.size).toBe(mail('huge', 'x'.repeat(700_000)).length)
    expect(intake.tooLargeMails[0]?.header).toMatch(/^From: Kim(.|\r\n)*Subject: huge\r\n\r\n$/)
    expect((await server.list(user, 'INBOX')).map(({ uid }) => uid)).toEqual([1, 2])
  })

  it('finds everything under a new UIDVALIDITY, and nothing twice by content', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'Desk', mails(5))
    const watching = watch({ ...mailbox, folder: 'Desk', pollSeconds: 0.2 }, intake)
    await intake.until(() => intake.looks.length === 1)
    await server.renumber(user, 'Desk')
    await server.append(user, 'Desk', [mail('new')])
    await intake.until(() => intake.mails.length === 6 && intake.places.length === 11)
    expect(new Set(intake.places.map((place) => place.uidValidity)).size).toBe(2)
    expect(subjects(intake.mails).at(-1)).toBe('new')
    await watching.stop()
  })

  it('stops at once when it is told to', async () => {
    const { user, intake, mailbox } = setUp()
    await server.append(user, 'INBOX', mails(2))
    const watching = watch(mailbox, intake)
    await intake.until(() => intake.looks.length === 1)
    const asked = Date.now()
    await watching.stop()
    expect(Date.now() - asked).toBeLessThan(1_000)
  })
})
