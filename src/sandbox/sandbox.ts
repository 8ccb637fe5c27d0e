import { type Appended, type SandboxImap, type SandboxUser, type StoredMail, startImapServer } from './imap-server.ts'
import { type SandboxSmtp, type SmtpBehaviour, type SmtpMail, startSmtpServer } from './smtp-server.ts'

/** A mail server for a handful of addresses: what is sent by SMTP lies in the recipient's INBOX. */
export interface Sandbox {
  imap: SandboxImap
  smtp: SandboxSmtp
  /** One for each address; the user name is the address. */
  users: SandboxUser[]
  /** The account that mail to `address` ends in, plus-addresses included; undefined where nobody has it. */
  userFor(address: string): SandboxUser | undefined
  inbox(address: string): StoredMail[]
  /** The first mail in the INBOX of `address` that `wanted` says yes to, there already or still to come. */
  waitForMail(
    address: string,
    wanted: (mail: { uid: number; raw: Buffer }) => boolean,
    milliseconds?: number,
  ): Promise<{ uid: number; raw: Buffer }>
  close(): Promise<void>
}

/**
 * Starts IMAP and SMTP together. Mail to local+anything@domain goes to local@domain; unknown recipients are refused
 * with 550. Each delivered copy carries Return-Path, Delivered-To and Received (RFC 5321 section 4.4), as a real server's does.
 */
export async function startSandbox(options: {
  addresses: string[]
  behaviour?: SmtpBehaviour
  ports?: { imap?: number; smtp?: number }
}): Promise<Sandbox> {
  const users = options.addresses.map((address) => ({ user: address.toLowerCase(), password: 'sandbox', address }))
  const imap = await startImapServer({ users, port: options.ports?.imap ?? 0 })
  const userFor = (address: string) => users.find((one) => one.user === baseAddress(address))
  const smtp = await startSmtpServer({
    port: options.ports?.smtp ?? 0,
    behaviour: options.behaviour ?? refuseUnknown(userFor),
    onMail: (mail) => deliver(mail, imap, userFor),
  })
  return {
    imap,
    smtp,
    users,
    userFor,
    inbox: (address) => imap.list(baseAddress(address), 'INBOX'),
    waitForMail: (address, wanted, milliseconds = 10_000) =>
      waitForMail(imap, baseAddress(address), wanted, milliseconds),
    close: async () => {
      await Promise.all([imap.close(), smtp.close()])
    },
  }
}

/** `Support+abc@Example.com` → `support@example.com`. */
function baseAddress(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*@/, '@')
}

function refuseUnknown(userFor: (address: string) => SandboxUser | undefined): SmtpBehaviour {
  return {
    recipient: (address) =>
      userFor(address)
        ? { kind: 'accept' }
        : { kind: 'reject', code: 550, text: `5.1.1 <${address}>: Recipient address rejected: User unknown` },
  }
}

function deliver(mail: SmtpMail, imap: SandboxImap, userFor: (address: string) => SandboxUser | undefined): void {
  for (const recipient of mail.to) {
    const user = userFor(recipient)
    if (user) imap.append(user.user, 'INBOX', Buffer.concat([traceHeaders(mail, recipient), mail.raw]))
  }
}

function traceHeaders(mail: SmtpMail, recipient: string): Buffer {
  const date = new Date().toUTCString().replace('GMT', '+0000')
  return Buffer.from(
    `Return-Path: <${mail.from}>\r\n` +
      `Delivered-To: ${recipient}\r\n` +
      `Received: from ${mail.helo} ([127.0.0.1])\r\n\tby sandbox.example with ESMTP\r\n\tfor <${recipient}>; ${date}\r\n`,
  )
}

function waitForMail(
  imap: SandboxImap,
  user: string,
  wanted: (mail: { uid: number; raw: Buffer }) => boolean,
  milliseconds: number,
): Promise<{ uid: number; raw: Buffer }> {
  const there = imap.list(user, 'INBOX').find(wanted)
  if (there) return Promise.resolve(there)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`no such mail came to ${user} within ${milliseconds} ms`))
    }, milliseconds)
    const stop = imap.onAppend((added: Appended) => {
      if (added.user !== user || added.folder !== 'INBOX' || !wanted(added)) return
      clearTimeout(timer)
      stop()
      resolve(added)
    })
  })
}
