import { EventEmitter } from 'node:events'
import type { ImapFlow } from 'imapflow'
import { type App, type AppDeps, startApp } from '../../src/app.ts'
import { type CaseView, viewCase, viewCases } from '../../src/cases/view.ts'
import type { AfterIntake, Config } from '../../src/config/config.ts'
import { makeLog } from '../../src/core/log.ts'
import { realWorld, type World } from '../../src/core/world.ts'
import type { Message } from '../../src/message/message.ts'
import { readMail } from '../../src/message/read-mail.ts'
import { withoutTag } from '../../src/model/address.ts'
import { BUDGET_DEFAULTS } from '../../src/model/policy.ts'
import { type SandboxSmtp, startSmtpServer } from '../../src/sandbox/smtp-server.ts'
import { type EngineName, openTestStore, type TestStore } from './databases.ts'
import { collectLog, type LogLines } from './log-lines.ts'
import type { MailServerKind, TestMailServer } from './mail-servers.ts'

export const SUPPORT = 'support@acme.test'
export const ANNA = { name: 'Anna Holm', address: 'anna@private.test' }
export const BO = { name: 'Bo Dahl', address: 'bo@private.test' }
/** What the configuration of a portal says besides where it is. */
export const PORTAL_DEFAULTS = { proxies: ['loopback'], requireSecond: { agents: false, contacts: false } }

export const KIM = { name: 'Kim Sørensen', address: 'kim@customer.test' }

export interface Arrived {
  to: string
  raw: Buffer
  message: Message
}

/** The whole program between a real IMAP server, a real SMTP server and a real database. */
export interface Flow {
  app: App
  config: Config
  store: TestStore
  smtp: SandboxSmtp
  server: TestMailServer
  /** The user of the support mailbox at the IMAP server. */
  user: string
  /** The program's log lines so far, and those to come. */
  log: LogLines
  /** Puts a mail into the support mailbox, as its mail server would. */
  deliver(...mails: (string | Buffer)[]): Promise<void>
  /** Everything that arrived for an address, oldest first. */
  arrived(address: string): Arrived[]
  /** The first mail to an address that `wanted` says yes to, there already or still to come. */
  waitForMail(address: string, wanted?: (mail: Message) => boolean): Promise<Arrived>
  /** Resolves when the case has what is wanted. */
  waitForCase(number: number, wanted: (it: CaseView) => boolean): Promise<CaseView>
  cases(): ReturnType<typeof viewCases>
  /** Resolves when every mail in the mailbox is in the ledger and nothing is due in the outbox. */
  settled(mails: number): Promise<void>
  /** Stops the program and starts it again on the same database and mailbox. */
  restart(over?: Partial<Config>): Promise<void>
  close(): Promise<void>
}

export interface FlowOptions {
  engine: EngineName
  kind: MailServerKind
  after?: AfterIntake
  over?: (config: Config) => Config
  /** Header lines that the mail server puts on top of what is sent to the support address, with line ends. */
  onTop?: string
  /** Called for each mail to somebody else, when it has arrived. */
  onMail?: (mail: Arrived) => Promise<void>
  /** Answers what Posthorn asks the DNS. */
  resolver?: AppDeps['resolver']
  /** The clock and the waits of the program; the real ones unless given. */
  world?: World
}

export async function startFlow({
  engine,
  kind,
  after = { kind: 'leave' },
  over = (config) => config,
  onTop = '',
  onMail = async () => undefined,
  resolver,
  world = realWorld,
}: FlowOptions): Promise<Flow> {
  const store = await openTestStore(engine)
  const server = await kind.start()
  const user = server.newUser()
  const mails: Arrived[] = []
  const bell = new EventEmitter().setMaxListeners(100)
  const client = await server.client(user)
  const smtp = await startSmtpServer({
    onMail: async ({ to, raw }) => {
      const { message } = await readMail(raw)
      for (const address of to.map(withoutTag)) {
        // An answer that goes back to the support address lies in its mailbox, as it would at the provider's.
        if (address === config.mailboxes[0]?.address) {
          await append(client, Buffer.concat([Buffer.from(onTop), raw]))
          continue
        }
        const mail = { to: address, raw, message }
        mails.push(mail)
        await onMail(mail)
      }
      bell.emit('mail')
    },
  })
  const config = over(flowConfig(server, user, smtp, store, after))
  const log = collectLog()
  const start = async (it: Config) => await startApp(it, { world, log: makeLog('debug', log.stream), resolver })
  const flow: Flow = {
    app: await start(config),
    ...{ config, store, smtp, server, user, log },
    deliver: async (...raws) => {
      for (const raw of raws) await append(client, Buffer.from(raw as string))
    },
    arrived: (address) => mails.filter((mail) => mail.to === address),
    waitForMail: async (address, wanted = () => true) =>
      await until(
        bell,
        'mail',
        () => mails.find((mail) => mail.to === address && wanted(mail.message)),
        `a mail to ${address}`,
      ),
    waitForCase: async (number, wanted) =>
      await poll(async () => {
        const it = await viewCase(store.db, number)
        return it && wanted(it) ? it : undefined
      }, `case #${number}`),
    cases: async () => await viewCases(store.db, 1_000),
    settled: async (count) => {
      await poll(
        async () => ((await isSettled(store, count)) ? true : undefined),
        `${count} mails in the ledger and an empty outbox`,
      )
    },
    restart: async (changed = {}) => {
      await flow.app.stop()
      flow.app = await start({ ...config, ...changed })
    },
    close: async () => {
      await flow.app.stop()
      await smtp.close()
      await server.close()
      await store.close()
    },
  }
  return flow
}

async function append(client: ImapFlow, raw: Buffer): Promise<void> {
  await client.append('INBOX', raw)
}

async function isSettled(store: TestStore, mails: number): Promise<boolean> {
  const { taken } = await store.db
    .selectFrom('ledger')
    .select((eb) => eb.fn.countAll().as('taken'))
    .executeTakeFirstOrThrow()
  const { due } = await store.db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll().as('due'))
    .where('status', 'in', ['waiting', 'sending'])
    .executeTakeFirstOrThrow()
  return Number(taken) >= mails && Number(due) === 0
}

const PATIENCE = 20_000

async function until<T>(bell: EventEmitter, event: string, find: () => T | undefined, what: string): Promise<T> {
  const deadline = AbortSignal.timeout(PATIENCE)
  return await new Promise((resolve, reject) => {
    const look = () => {
      const found = find()
      if (found === undefined) return
      bell.off(event, look)
      resolve(found)
    }
    deadline.addEventListener('abort', () => reject(new Error(`${what} did not come within ${PATIENCE} ms`)))
    bell.on(event, look)
    look()
  })
}

/** Looks again and again until there is something: for what only the database knows. */
export async function poll<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  const deadline = Date.now() + PATIENCE
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${PATIENCE} ms`)
    await realWorld.sleep(10)
  }
}

function flowConfig(
  server: TestMailServer,
  user: string,
  smtp: SandboxSmtp,
  store: TestStore,
  after: AfterIntake,
): Config {
  const mailbox = {
    name: 'support',
    address: SUPPORT,
    imap: server.imap(user),
    folder: 'INBOX',
    after,
    language: 'da',
    brand: 'Acme',
    plusAddress: true,
    verp: true,
    pollSeconds: 1,
    defaults: { product: null, category: null },
    participants: { policy: 'same-organisation', most: 10 },
    trust: { authservId: null, check: null, agents: null },
  } as const
  return {
    database: store.config,
    dataFolder: store.dataFolder,
    secrets: ['a secret of at least thirty-two characters'],
    keys: { expireDays: null },
    rules: [],
    spam: 'open',
    clamd: null,
    portal: null,
    sms: null,
    identityProviders: [],
    mailboxes: [mailbox],
    smtp: {
      host: smtp.host,
      port: smtp.port,
      tls: 'none',
      allowSelfSigned: false,
      user: null,
      auth: null,
      connections: 3,
      perDomain: { connections: 3, perMinute: null },
      dkim: null,
    },
    templates: null,
    timeZone: 'Europe/Copenhagen',
    administrator: null,
    digests: { agents: null, contacts: null, articles: null },
    brands: [
      {
        name: 'Acme',
        fromName: 'Acme Support',
        signature: 'Acme ApS',
        supportContact: 'tel. 12 34 56 78',
        passwords: 'nist',
        color: '#1f5fd0',
        logo: null,
      },
    ],
    agents: [
      { name: ANNA.name, email: ANNA.address, language: 'en', timeZone: null },
      { name: BO.name, email: BO.address, language: 'da', timeZone: null },
    ],
    limits: {
      mailSize: 2_000_000,
      parseSeconds: 10,
      parseMemory: 256 * 1_048_576,
      blobInline: 65_536,
      attempts: 2,
      noticeAttachments: 1_000_000,
    },
    budgets: BUDGET_DEFAULTS,
    log: { level: 'debug' },
  }
}

export interface Letter {
  from?: { name: string; address: string }
  to?: string
  subject?: string
  text: string
  messageId?: string | null
  references?: string[]
  /** Further header lines, without line ends. */
  headers?: string[]
}

let letters = 0

/** A raw mail as a customer's server delivers it. */
export function letter({
  from = KIM,
  to = SUPPORT,
  subject = 'Printeren er død',
  text,
  messageId,
  references = [],
  headers = [],
}: Letter): string {
  letters += 1
  const id = messageId === undefined ? `letter-${letters}@customer.test` : messageId
  const word = (value: string) => `=?utf-8?B?${Buffer.from(value).toString('base64')}?=`
  return [
    `Return-Path: <${from.address}>`,
    `Received: from mx.customer.test by mail.acme.test; Fri, 20 Nov 2026 10:00:00 +0100`,
    ...headers,
    `From: ${word(from.name)} <${from.address}>`,
    `To: <${to}>`,
    `Subject: ${word(subject)}`,
    ...(id === null ? [] : [`Message-ID: <${id}>`]),
    ...(references.length > 0
      ? [`References: ${references.map((it) => `<${it}>`).join(' ')}`, `In-Reply-To: <${references.at(-1)}>`]
      : []),
    'Date: Fri, 20 Nov 2026 10:00:00 +0100',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n'),
    '',
  ].join('\r\n')
}

/** An answer to a mail that arrived, as a mail client writes it: to its Reply-To, below the words the mail quoted. */
export function answerTo({ message }: Arrived, from: { name: string; address: string }, words: string): string {
  const quoted = message.text.replace(/^/gm, '> ')
  return letter({
    from,
    to: message.replyTo[0]?.address ?? message.from?.address ?? '',
    subject: `Re: ${message.subject}`,
    text: `${words}\n\nOn Fri, 20 Nov 2026 at 10:00, ${message.from?.name} <${message.from?.address}> wrote:\n${quoted}\n`,
    references: [...message.references, message.messageId ?? ''],
  })
}
