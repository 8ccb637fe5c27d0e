import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ImapConfig, MailboxConfig } from '../../src/config/config.ts'
import { lookAtFolder } from '../../src/mailbox/look.ts'
import { type Dovecot, findDovecot, freePort, startDovecot } from '../support/dovecot.ts'
import { embedded, imapConfig } from '../support/mail-servers.ts'
import { MemoryIntake } from './memory-intake.ts'
import { closeAll, closers, mailboxConfig, noTokens, watch } from './watching.ts'

afterEach(closeAll)

const look = async (imap: ImapConfig, more: Partial<MailboxConfig> = {}) =>
  (await lookAtFolder(mailboxConfig(imap, more), noTokens)).uids

describe.runIf(findDovecot())('TLS', () => {
  let server: Dovecot
  beforeAll(async () => {
    server = await startDovecot({ tls: true })
  })
  afterAll(() => server.close())

  it('from the first byte', async () => {
    const imap = { ...imapConfig(server.imapsPort, 'kim'), tls: 'implicit', allowSelfSigned: true } as const
    expect(await look(imap)).toEqual([])
  })

  it('by STARTTLS', async () => {
    const imap = { ...imapConfig(server.imapPort, 'kim'), tls: 'starttls', allowSelfSigned: true } as const
    expect(await look(imap)).toEqual([])
  })

  it('refuses a certificate that nobody vouches for, unless the configuration allows it', async () => {
    const imap = { ...imapConfig(server.imapsPort, 'kim'), tls: 'implicit' } as const
    await expect(look(imap)).rejects.toMatchObject({
      code: 'imap-connection',
      cause: { message: expect.stringMatching(/self-signed certificate/) },
    })
  })

  it('never goes on in plain text where STARTTLS is asked for and not offered', async () => {
    const plain = await embedded.start()
    closers.push(() => plain.close())
    const imap = { ...plain.imap(plain.newUser()), tls: 'starttls', allowSelfSigned: true } as const
    await expect(look(imap)).rejects.toMatchObject({ code: 'imap-connection' })
  })
})

describe('connecting', () => {
  it('says where nobody answers', async () => {
    const port = await freePort()
    await expect(look(imapConfig(port, 'kim'))).rejects.toMatchObject({
      code: 'imap-connection',
      temporary: true,
      message: `mailbox support: connecting at 127.0.0.1:${port} failed`,
    })
  })

  it('ends at once when the program stops while a server keeps silent', async () => {
    const mute = createServer(() => undefined)
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const connected = once(mute, 'connection')
    const watching = watch(mailboxConfig(imapConfig((mute.address() as AddressInfo).port, 'kim')), new MemoryIntake())
    const [socket] = await connected
    closers.push(() => mute.close())
    closers.push(() => socket.destroy())
    const asked = Date.now()
    await watching.stop()
    expect(Date.now() - asked).toBeLessThan(1_000)
  })

  it('refuses to move mails into the folder they come from', async () => {
    const server = await embedded.start()
    closers.push(() => server.close())
    const user = server.newUser()
    await server.append(user, 'INBOX', ['Subject: x\r\n\r\n'])
    const after = { kind: 'move', folder: 'inbox' } as const
    const watching = watch(mailboxConfig(server.imap(user), { after }), new MemoryIntake())
    const line = await watching.line((one) => one.level === 'error')
    expect(line.error).toMatch(/Name another folder in after.move/)
  })
})
