import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'

/** A mail as the server has it: envelope and bytes, dots unstuffed. */
export interface SmtpMail {
  /** Envelope sender; empty for a bounce. */
  from: string
  /** Envelope recipients that were accepted. */
  to: string[]
  raw: Buffer
  /** The client's name in EHLO. */
  helo: string
  /** The login name, where one was asked for. */
  user: string | null
  /** Whether the client asked for SMTPUTF8 (RFC 6531). */
  utf8: boolean
}

/**
 * What the server says at one point of a delivery. `hang` never answers. `drop` cuts the connection without an answer;
 * after the data, `kept` says whether the mail was accepted nevertheless, which the sender cannot know.
 */
export type SmtpAnswer =
  | { kind: 'accept' }
  | { kind: 'reject'; code: number; text: string }
  | { kind: 'hang' }
  | { kind: 'drop'; kept?: boolean }

/** Each is asked every time; what is left out accepts. */
export interface SmtpBehaviour {
  greeting?: () => SmtpAnswer
  sender?: (address: string) => SmtpAnswer
  recipient?: (address: string) => SmtpAnswer
  data?: (mail: SmtpMail) => SmtpAnswer
}

export interface SandboxSmtp {
  host: string
  port: number
  /** Everything accepted so far, oldest first. */
  mails: SmtpMail[]
  /** From now on; {} accepts everything again. */
  behave(behaviour: SmtpBehaviour): void
  /** The first `count` accepted mails, as soon as there are that many. */
  waitForMails(count: number, milliseconds?: number): Promise<SmtpMail[]>
  dropConnections(): void
  connections(): number
  close(): Promise<void>
}

export interface SmtpServerOptions {
  port?: number
  /** Called for each accepted mail before the sender is told; what it throws becomes 451. */
  onMail?: (mail: SmtpMail) => Promise<void> | void
  behaviour?: SmtpBehaviour
  /** Where given, the sender must log in. */
  users?: { user: string; password: string }[]
  /** Takes no addresses beyond ASCII (RFC 6531). */
  withoutUtf8?: boolean
}

/** An SMTP server in this process, on 127.0.0.1, without TLS: for the demo, and for tests that need a server to misbehave. */
export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<SandboxSmtp> {
  const state: State = { behaviour: options.behaviour ?? {}, mails: [], waiting: new Set(), sockets: new Map() }
  const server = makeServer(options, state)
  server.server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true)
    const port = socket.remotePort ?? 0
    state.sockets.set(port, socket)
    socket.once('close', () => state.sockets.delete(port))
  })
  // A client that goes away in the middle is an everyday event here.
  server.on('error', () => undefined)
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server.server, 'listening')
  const drop = () => {
    for (const socket of state.sockets.values()) socket.destroy()
  }
  return {
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    mails: state.mails,
    behave: (behaviour) => {
      state.behaviour = behaviour
    },
    waitForMails: (count, milliseconds = 10_000) => waitForMails(state, count, milliseconds),
    dropConnections: drop,
    connections: () => state.sockets.size,
    close: async () => {
      drop()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

interface State {
  behaviour: SmtpBehaviour
  mails: SmtpMail[]
  waiting: Set<() => void>
  /** By the client's port, which is how a session names its connection. */
  sockets: Map<number, Socket>
}

type Done = (error?: Error | null) => void

function makeServer(options: SmtpServerOptions, state: State): SMTPServer {
  const { users } = options
  const answer = (kind: SmtpAnswer, session: SMTPServerSession, done: Done) => give(kind, session, state, done)
  return new SMTPServer({
    name: 'sandbox.example',
    disabledCommands: users ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    authOptional: users === undefined,
    disableReverseLookup: true,
    hideSMTPUTF8: options.withoutUtf8 ?? false,
    closeTimeout: 200,
    onAuth: (auth, _session, done) => {
      const known = users?.some((one) => one.user === auth.username && one.password === auth.password)
      if (known && auth.username) done(null, { user: auth.username })
      else done(Object.assign(new Error('5.7.8 Authentication failed'), { responseCode: 535 }))
    },
    onConnect: (session, done) => answer(state.behaviour.greeting?.() ?? { kind: 'accept' }, session, done),
    onMailFrom: (address, session, done) =>
      answer(state.behaviour.sender?.(address.address) ?? { kind: 'accept' }, session, done),
    onRcptTo: (address, session, done) =>
      answer(state.behaviour.recipient?.(address.address) ?? { kind: 'accept' }, session, done),
    onData: (stream, session, done) => {
      takeMail(stream, session, options, state).then(
        (kind) => answer(kind, session, done),
        (error: unknown) => done(Object.assign(new Error(String(error)), { responseCode: 451 })),
      )
    },
  })
}

function give(answer: SmtpAnswer, session: SMTPServerSession, state: State, done: Done): void {
  if (answer.kind === 'accept') done()
  else if (answer.kind === 'reject') done(Object.assign(new Error(answer.text), { responseCode: answer.code }))
  else if (answer.kind === 'drop') state.sockets.get(session.remotePort)?.destroy()
}

async function takeMail(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  options: SmtpServerOptions,
  state: State,
): Promise<SmtpAnswer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  const { mailFrom, rcptTo, smtpUtf8 } = session.envelope
  const mail: SmtpMail = {
    from: mailFrom ? mailFrom.address : '',
    to: rcptTo.map((one) => one.address),
    raw: Buffer.concat(chunks),
    helo: session.hostNameAppearsAs,
    user: session.user ?? null,
    utf8: smtpUtf8 === true,
  }
  const answer = state.behaviour.data?.(mail) ?? { kind: 'accept' }
  if (answer.kind === 'accept' || (answer.kind === 'drop' && answer.kept)) await keep(mail, options, state)
  return answer
}

async function keep(mail: SmtpMail, options: SmtpServerOptions, state: State): Promise<void> {
  await options.onMail?.(mail)
  state.mails.push(mail)
  for (const look of [...state.waiting]) look()
}

function waitForMails(state: State, count: number, milliseconds: number): Promise<SmtpMail[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      state.waiting.delete(look)
      reject(new Error(`${state.mails.length} of ${count} mails came within ${milliseconds} ms`))
    }, milliseconds)
    const look = () => {
      if (state.mails.length < count) return
      clearTimeout(timer)
      state.waiting.delete(look)
      resolve(state.mails.slice(0, count))
    }
    state.waiting.add(look)
    look()
  })
}
