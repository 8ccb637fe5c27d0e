import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import hoodiecrow, { type Command, type Connection, type ImapServer, type Mailbox } from 'hoodiecrow-imap'
import { type Extension, makeAccount } from './imap-account.ts'

export interface SandboxUser {
  user: string
  password: string
  address: string
  /** Accepted by AUTHENTICATE XOAUTH2 beside the password. */
  accessToken?: string
}

export interface StoredMail {
  uid: number
  flags: string[]
  raw: Buffer
}

/** Something was added to a folder: by append(), by an IMAP client's APPEND or COPY, or by a MOVE. */
export interface Appended {
  user: string
  folder: string
  uid: number
  raw: Buffer
}

export interface SandboxImap {
  host: string
  port: number
  /** Adds a mail and announces it to who has the folder open. Makes the folder where it is missing. Gives its UID. */
  append(user: string, folder: string, raw: Uint8Array | string, flags?: string[]): number
  list(user: string, folder: string): StoredMail[]
  folders(user: string): string[]
  /** Removes mails and announces it, as another client would. */
  remove(user: string, folder: string, uids: number[]): void
  /** As after a restored backup: another UIDVALIDITY, and the mails are numbered from 1. */
  setUidValidity(user: string, folder: string, value: number): void
  uidValidity(user: string, folder: string): number
  setAccessToken(user: string, token: string): void
  /** Calls `listener` after each addition until the returned function is called. */
  onAppend(listener: (added: Appended) => void): () => void
  /** Cuts every connection without a word. */
  dropConnections(): void
  connections(): number
  close(): Promise<void>
}

let starts = 0

/**
 * An IMAP server in this process, for the demo and for tests: every user has an INBOX, mails are kept byte for byte,
 * nothing outlives close(). UIDVALIDITY is another one on each start, unless given. Only on 127.0.0.1, without TLS.
 */
export async function startImapServer(options: {
  users: SandboxUser[]
  port?: number
  uidValidity?: number
  without?: Extension[]
}): Promise<SandboxImap> {
  const uidValidity = options.uidValidity ?? Math.floor(Date.now() / 1000) + starts++
  const accounts = new Map(options.users.map((one) => [one.user, makeAccount(uidValidity, options.without ?? [])]))
  const front = makeFront(options.users, accounts)
  const sockets = trackSockets(front)
  const listeners = watchAppends(accounts)
  front.listen(options.port ?? 0, '127.0.0.1')
  await once(front.server, 'listening')
  const { port } = front.server.address() as AddressInfo
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    host: '127.0.0.1',
    port,
    ...folderVerbs(accounts),
    setAccessToken: (user, accessToken) => {
      front.users[user] = { ...front.users[user], xoauth2: { accessToken } }
    },
    onAppend: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    dropConnections: drop,
    connections: () => sockets.size,
    close: async () => {
      const closed = once(front.server, 'close')
      front.server.close()
      drop()
      await closed
    },
  }
}

/** The server that is connected to: it greets and logs in, and hands the connection to the user's account. */
function makeFront(users: SandboxUser[], accounts: Map<string, ImapServer>): ImapServer {
  const front = hoodiecrow({
    credentials: {},
    plugins: users.some((one) => one.accessToken !== undefined) ? ['SASL-IR', 'XOAUTH2'] : [],
    users: Object.fromEntries(users.map((one) => [one.user, credentialsOf(one)])),
  })
  front.setMaxListeners(0)
  for (const [command, nameIn] of [
    ['LOGIN', loginName],
    ['AUTHENTICATE XOAUTH2', oauthName],
  ] as const) {
    const handler = front.getCommandHandler(command)
    if (!handler) continue
    front.setCommandHandler(command, (connection, parsed, data, done) => {
      const name = nameIn(parsed)
      handler(connection, parsed, data, done)
      const account = accounts.get(name)
      if (connection.state === 'Authenticated' && account) handOver(connection, front, account)
    })
  }
  return front
}

function credentialsOf(user: SandboxUser): ImapServer['users'][string] {
  const token = user.accessToken
  return { password: user.password, ...(token === undefined ? {} : { xoauth2: { accessToken: token } }) }
}

function loginName(parsed: Command): string {
  return parsed.attributes?.[0]?.value ?? ''
}

/** XOAUTH2's initial response: base64 of `user=name^Aauth=Bearer token^A^A`. */
function oauthName(parsed: Command): string {
  const text = Buffer.from(parsed.attributes?.[0]?.value ?? '', 'base64').toString()
  return /^user=([^\x01]*)/.exec(text)?.[1] ?? ''
}

function handOver(connection: Connection, front: ImapServer, account: ImapServer): void {
  front.removeListener('notify', connection._notificationCallback)
  connection.server = account
  account.on('notify', connection._notificationCallback)
}

function trackSockets(front: ImapServer): Set<Socket> {
  const sockets = new Set<Socket>()
  front.server.on('connection', (socket: Socket) => {
    // Without it each answer waits 40 ms for the client's acknowledgement.
    socket.setNoDelay(true)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function watchAppends(accounts: Map<string, ImapServer>): Set<(added: Appended) => void> {
  const listeners = new Set<(added: Appended) => void>()
  for (const [user, account] of accounts) {
    account.messageHandlers.push((_server, message, mailbox) => {
      const raw = Buffer.from(message.raw, 'latin1')
      for (const listener of listeners) listener({ user, folder: mailbox.path, uid: message.uid, raw })
    })
  }
  return listeners
}

function folderVerbs(accounts: Map<string, ImapServer>) {
  const account = (user: string): ImapServer => {
    const found = accounts.get(user)
    if (!found) throw new Error(`the sandbox has no user ${user}`)
    return found
  }
  const mailbox = (user: string, folder: string): Mailbox => {
    const found = account(user).getMailbox(folder)
    if (!found) throw new Error(`the sandbox user ${user} has no folder ${folder}`)
    return found
  }
  return {
    append(user: string, folder: string, raw: Uint8Array | string, flags: string[] = []): number {
      if (!account(user).getMailbox(folder)) account(user).createMailbox(folder)
      const binary = Buffer.from(raw as Uint8Array).toString('latin1')
      return account(user).appendMessage(mailbox(user, folder), [...flags], new Date(), binary).message.uid
    },
    list: (user: string, folder: string): StoredMail[] =>
      (account(user).getMailbox(folder)?.messages ?? []).map(({ uid, flags, raw }) => ({
        uid,
        flags: [...flags],
        raw: Buffer.from(raw, 'latin1'),
      })),
    folders: (user: string): string[] => Object.keys(account(user).folderCache),
    remove(user: string, folder: string, uids: number[]): void {
      removeFrom(account(user), mailbox(user, folder), uids)
    },
    setUidValidity(user: string, folder: string, value: number): void {
      const changed = mailbox(user, folder)
      changed.uidvalidity = value
      changed.messages.forEach((message, index) => {
        message.uid = index + 1
      })
      changed.uidnext = changed.messages.length + 1
    },
    uidValidity: (user: string, folder: string): number => mailbox(user, folder).uidvalidity,
  }
}

function removeFrom(account: ImapServer, mailbox: Mailbox, uids: number[]): void {
  for (const uid of uids) {
    const index = mailbox.messages.findIndex((message) => message.uid === uid)
    if (index < 0) continue
    mailbox.messages.splice(index, 1)
    account.notify({ tag: '*', attributes: [index + 1, { type: 'ATOM', value: 'EXPUNGE' }] }, mailbox)
  }
}
