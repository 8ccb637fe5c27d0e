import { ImapFlow } from 'imapflow'
import type { ImapConfig } from '../../src/config/config.ts'
import type { Extension } from '../../src/sandbox/imap-account.ts'
import { startImapServer } from '../../src/sandbox/imap-server.ts'
import { DOVECOT_INSTALL, findDovecot, startDovecot } from './dovecot.ts'

/** A real IMAP server that a test starts. Everything is done to it by an IMAP client of its own, as anybody else would. */
export interface TestMailServer {
  port: number
  /** The name of a user with an empty INBOX whom no other test has. */
  newUser(): string
  /** How Posthorn logs in. */
  imap(user: string): ImapConfig
  /** A client that is logged in, for what somebody else does to the mailbox. Closed with the server. */
  client(user: string): Promise<ImapFlow>
  append(user: string, folder: string, mails: (string | Uint8Array)[], flags?: string[]): Promise<void>
  list(user: string, folder: string): Promise<{ uid: number; flags: string[]; source: string }[]>
  /** Another UIDVALIDITY for `folder` (not INBOX), with the same mails in it, as after a restored backup. */
  renumber(user: string, folder: string): Promise<void>
  close(): Promise<void>
}

export interface MailServerKind {
  name: string
  start(options?: { without?: Extension[] }): Promise<TestMailServer>
}

const USERS = Array.from({ length: 40 }, (_, index) => `user${index}`)

export const embedded: MailServerKind = {
  name: 'the embedded server',
  start: async (options = {}) => {
    const imap = await startImapServer({
      ...options,
      users: USERS.map((user) => ({ user, password: 'secret', address: `${user}@example.com` })),
    })
    const server = mailServer(imap.port, () => imap.close())
    return {
      ...server,
      renumber: async (user, folder) => {
        imap.setUidValidity(user, folder, imap.uidValidity(user, folder) + 100)
        imap.dropConnections()
      },
    }
  },
}

export const dovecot: MailServerKind = {
  name: 'Dovecot',
  start: async ({ without = [] } = {}) => {
    const capabilities = ['IMAP4rev1', 'IDLE', 'UIDPLUS', 'MOVE'].filter((name) => !without.some((one) => one === name))
    const started = await startDovecot(without.length > 0 ? { capabilities: capabilities.join(' ') } : {})
    return mailServer(started.imapPort, () => started.close())
  },
}

/** For describe.each: the embedded server always, Dovecot where it is installed; with REQUIRE_SERVERS=1 it must be. */
export const mailServers: MailServerKind[] = findDovecot() ? [embedded, dovecot] : [embedded]

if (process.env.REQUIRE_SERVERS === '1' && !findDovecot())
  throw new Error(`REQUIRE_SERVERS=1, but Dovecot is not installed: ${DOVECOT_INSTALL}`)

/** How Posthorn logs in to a server on this machine; the password is 'secret'. */
export function imapConfig(port: number, user: string): ImapConfig {
  return {
    ...{ host: '127.0.0.1', port, tls: 'none', allowSelfSigned: false, user },
    auth: { kind: 'password', password: 'secret' },
  }
}

function mailServer(port: number, stop: () => Promise<void>): TestMailServer {
  const clients: ImapFlow[] = []
  const client = async (user: string) => {
    const one = new ImapFlow({
      host: '127.0.0.1',
      port,
      secure: false,
      doSTARTTLS: false,
      logger: false,
      disableAutoEnable: true,
      disableAutoIdle: true,
      auth: { user, pass: 'secret' },
    })
    // The server may be told to drop everybody.
    one.on('error', () => undefined)
    await one.connect()
    clients.push(one)
    return one
  }
  const unused = [...USERS]
  return {
    port,
    newUser: () => {
      const user = unused.shift()
      if (!user) throw new Error('the test server has no more users: raise their number')
      return user
    },
    imap: (user) => imapConfig(port, user),
    client,
    append: async (user, folder, mails, flags = []) => {
      const one = await client(user)
      if (folder !== 'INBOX') await one.mailboxCreate(folder).catch(() => undefined)
      for (const mail of mails) await one.append(folder, Buffer.from(mail as string), flags)
      await one.logout()
    },
    list: async (user, folder) => {
      const one = await client(user)
      const mailbox = await one.mailboxOpen(folder)
      const rows = mailbox.exists === 0 ? [] : await one.fetchAll('1:*', { uid: true, flags: true, source: true })
      await one.logout()
      return rows.map((row) => ({ uid: row.uid, flags: [...(row.flags ?? [])], source: String(row.source) }))
    },
    renumber: async (user, folder) => {
      const one = await client(user)
      await one.mailboxOpen(folder)
      const mails = await one.fetchAll('1:*', { uid: true, source: true })
      await one.mailboxClose()
      await one.mailboxDelete(folder)
      await one.mailboxCreate(folder)
      for (const mail of mails) await one.append(folder, mail.source ?? Buffer.alloc(0))
      await one.logout()
    },
    close: async () => {
      for (const one of clients) one.close()
      await stop()
    },
  }
}
