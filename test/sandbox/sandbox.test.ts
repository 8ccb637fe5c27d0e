import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, it } from 'vitest'
import { type SandboxImap, startImapServer } from '../../src/sandbox/imap-server.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { startSmtpServer } from '../../src/sandbox/smtp-server.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const KIM = { user: 'kim', password: 'k', address: 'kim@example.net' }
const ANNA = { user: 'anna', password: 'a', address: 'anna@example.com' }

async function connect(imap: SandboxImap, user: string, auth: { pass?: string; accessToken?: string }) {
  const client = new ImapFlow({
    host: imap.host,
    port: imap.port,
    secure: false,
    doSTARTTLS: false,
    logger: false,
    auth: { user, ...auth },
  })
  await client.connect()
  closers.push(() => client.close())
  return client
}

function transport(smtp: { host: string; port: number }) {
  const sender = createTransport({ host: smtp.host, port: smtp.port, secure: false, ignoreTLS: true })
  closers.push(() => sender.close())
  return sender
}

describe('the IMAP server of the sandbox', () => {
  it('gives every byte back as it was put in', async () => {
    const imap = await startImapServer({ users: [KIM] })
    closers.push(() => imap.close())
    const odd = Buffer.concat([Buffer.from('Subject: odd\r\n\r\n'), Buffer.from([0, 1, 0x80, 0xff, 10, 13, 13, 10])])
    const uid = imap.append('kim', 'INBOX', odd)
    const client = await connect(imap, 'kim', { pass: 'k' })
    await client.mailboxOpen('INBOX')
    const [mail] = await client.fetchAll([uid], { uid: true, source: true }, { uid: true })
    expect(mail?.source?.equals(odd)).toBe(true)
    const parts = await client.fetchAll('1:*', { uid: true, source: { start: 3, maxLength: 5 } })
    expect(parts.map((part) => part.source?.toString())).toEqual(['ject:'])
    expect(imap.list('kim', 'INBOX')[0]?.flags).toEqual([])
  })

  it('keeps the folders of its users apart', async () => {
    const imap = await startImapServer({ users: [KIM, ANNA] })
    closers.push(() => imap.close())
    imap.append('anna', 'INBOX', 'Subject: for Anna\r\n\r\n')
    const kim = await connect(imap, 'kim', { pass: 'k' })
    const anna = await connect(imap, 'anna', { pass: 'a' })
    expect((await kim.mailboxOpen('INBOX')).exists).toBe(0)
    expect((await anna.mailboxOpen('INBOX')).exists).toBe(1)
    await expect(connect(imap, 'kim', { pass: 'a' })).rejects.toMatchObject({ authenticationFailed: true })
  })

  it('announces a new mail to a client that idles', async () => {
    const imap = await startImapServer({ users: [KIM] })
    closers.push(() => imap.close())
    const client = await connect(imap, 'kim', { pass: 'k' })
    await client.mailboxOpen('INBOX')
    const announced = new Promise<number>((resolve) => client.once('exists', (event) => resolve(event.count)))
    void client.idle()
    imap.append('kim', 'INBOX', 'Subject: now\r\n\r\n')
    expect(await announced).toBe(1)
  })

  it('takes an access token in place of a password', async () => {
    const imap = await startImapServer({ users: [{ ...KIM, accessToken: 'fresh' }] })
    closers.push(() => imap.close())
    await connect(imap, 'kim', { accessToken: 'fresh' })
    await expect(connect(imap, 'kim', { accessToken: 'stale' })).rejects.toMatchObject({ authenticationFailed: true })
  })

  it('starts with another UIDVALIDITY each time', async () => {
    const first = await startImapServer({ users: [KIM] })
    const second = await startImapServer({ users: [KIM] })
    closers.push(
      () => first.close(),
      () => second.close(),
    )
    expect(first.uidValidity('kim', 'INBOX')).not.toBe(second.uidValidity('kim', 'INBOX'))
  })
})

describe('the SMTP server of the sandbox', () => {
  it('refuses one recipient and takes the mail for the others', async () => {
    const smtp = await startSmtpServer({
      behaviour: {
        recipient: (address) =>
          address === 'full@example.com'
            ? { kind: 'reject', code: 452, text: '4.2.2 mailbox full' }
            : { kind: 'accept' },
      },
    })
    closers.push(() => smtp.close())
    const sent = await transport(smtp).sendMail({
      from: 'kim@example.net',
      to: ['full@example.com', 'anna@example.com'],
      text: 'Hej',
    })
    expect(sent.rejected).toEqual(['full@example.com'])
    expect(smtp.mails.map((mail) => mail.to)).toEqual([['anna@example.com']])
  })

  it('can keep a mail and drop the connection without saying so', async () => {
    const smtp = await startSmtpServer({ behaviour: { data: () => ({ kind: 'drop', kept: true }) } })
    closers.push(() => smtp.close())
    const sending = transport(smtp).sendMail({ from: 'kim@example.net', to: 'anna@example.com', text: 'Hej' })
    await expect(sending).rejects.toThrow()
    expect(smtp.mails).toHaveLength(1)
  })

  it('can answer nothing at all', async () => {
    const smtp = await startSmtpServer({ behaviour: { sender: () => ({ kind: 'hang' }) } })
    closers.push(() => smtp.close())
    const sender = createTransport({ host: smtp.host, port: smtp.port, ignoreTLS: true, socketTimeout: 300 })
    closers.push(() => sender.close())
    await expect(sender.sendMail({ from: 'a@example.net', to: 'b@example.com', text: 'x' })).rejects.toThrow(/timeout/i)
  })
})

describe('the sandbox', () => {
  it('lays what is sent into the recipient’s INBOX, with the headers of a real server', async () => {
    const sandbox = await startSandbox({ addresses: ['support@example.com', 'kim@example.net'] })
    closers.push(() => sandbox.close())
    const coming = sandbox.waitForMail('support@example.com', (mail) => mail.raw.includes('Hjælp'))
    await transport(sandbox.smtp).sendMail({
      from: 'kim@example.net',
      to: 'support+c1-abc@example.com',
      raw: 'Subject: Hjælp\r\n\r\nHjælp\r\n',
      envelope: { from: 'kim@example.net', to: 'support+c1-abc@example.com' },
    })
    const head = (await coming).raw.toString()
    expect(head).toMatch(
      /^Return-Path: <kim@example.net>\r\nDelivered-To: support\+c1-abc@example.com\r\nReceived: from /,
    )
  })

  it('refuses mail to people it does not have', async () => {
    const sandbox = await startSandbox({ addresses: ['support@example.com'] })
    closers.push(() => sandbox.close())
    const sending = transport(sandbox.smtp).sendMail({ from: 'a@example.net', to: 'nobody@example.com', text: 'x' })
    await expect(sending).rejects.toMatchObject({ responseCode: 550 })
  })
})
