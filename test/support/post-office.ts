import type { CasePolicy } from '../../src/cases/context.ts'
import { tellDeliveryFailed } from '../../src/cases/delivery-failure.ts'
import type { SmtpConfig } from '../../src/config/config.ts'
import { makeLog } from '../../src/core/log.ts'
import type { World } from '../../src/core/world.ts'
import { isoTime, realWorld } from '../../src/core/world.ts'
import { type Delivery, type DeliveryOptions, startDelivery } from '../../src/delivery/deliver.ts'
import { outboxStore } from '../../src/delivery/outbox-store.ts'
import { openTransport, type Timeouts } from '../../src/delivery/transport.ts'
import { AGENT_KINDS, type NoticeKind } from '../../src/model/notice.ts'
import { BUDGET_DEFAULTS } from '../../src/model/policy.ts'
import { ownMessageId } from '../../src/model/thread-key.ts'
import { compose } from '../../src/outbox/compose.ts'
import { type SandboxSmtp, type SmtpServerOptions, startSmtpServer } from '../../src/sandbox/smtp-server.ts'
import { insertCase, nextCaseNumber } from '../../src/store/cases.ts'
import { insertComment } from '../../src/store/comments.ts'
import { rememberMessageId } from '../../src/store/message-ids.ts'
import { enqueue, type OutboxRow } from '../../src/store/outbox.ts'
import { insertPerson } from '../../src/store/people.ts'
import { type EngineName, openTestStore, type TestStore } from './databases.ts'
import { collectLog, type LogLines } from './log-lines.ts'
import { composing, mailbox, PRIVATE } from './notices.ts'

export const SECRETS = ['a secret of at least thirty-two characters'] as const

const policy: CasePolicy = {
  secrets: SECRETS,
  budgets: BUDGET_DEFAULTS,
  mailboxes: [
    {
      name: 'support',
      address: 'support@acme.test',
      language: 'da',
      defaults: { product: null, category: null },
      participants: { policy: 'same-organisation', most: 10 },
      trust: { authservId: null, check: 'none', agents: 'plausible' },
    },
  ],
}

/** A store with people in it, and an SMTP server; delivery workers are started by the test. */
export interface PostOffice {
  store: TestStore
  smtp: SandboxSmtp
  /** What the workers log, from warnings on. */
  log: LogLines
  /** A real clock that can be moved on. */
  world: World & { pass(ms: number): void }
  anna: string
  kim: string
  openCase(title?: string): Promise<{ id: string; number: number }>
  /** A comment by Anna, or by Kim; its id. */
  comment(
    caseId: string,
    text: string,
    over?: { by?: 'anna' | 'kim'; visibility?: 'public' | 'internal'; messageId?: string },
  ): Promise<string>
  /** A row to somebody; its id. */
  tell(kind: NoticeKind, it: { id: string; number: number } | null, over?: Partial<OutboxRow>): Promise<string>
  row(id: string): Promise<OutboxRow>
  rows(): Promise<OutboxRow[]>
  /** Starts a worker; it is stopped with the post office. */
  work(options?: Partial<DeliveryOptions>, timeouts?: Partial<Timeouts>, server?: Partial<SmtpConfig>): Delivery
  close(): Promise<void>
}

export async function openPostOffice(engine: EngineName, serving: SmtpServerOptions = {}): Promise<PostOffice> {
  const store = await openTestStore(engine)
  const smtp = await startSmtpServer(serving)
  let shift = 0
  const pass = (ms: number) => {
    shift += ms
  }
  const world = { ...realWorld, now: () => Date.now() + shift, pass }
  const [anna, kim] = [world.id(), world.id()]
  const at = () => isoTime(world.now())
  await insertPerson(store.db, {
    id: anna,
    kind: 'agent',
    name: 'Anna Holm',
    address: PRIVATE,
    language: 'da',
    createdAt: at(),
  })
  const contact = { id: kim, kind: 'contact', name: 'Kim Ærø', address: 'kim@customer.test', language: 'da' } as const
  await insertPerson(store.db, { ...contact, createdAt: at() })
  const workers: Delivery[] = []
  const office: PostOffice = {
    store,
    smtp,
    log: collectLog(),
    world,
    anna,
    kim,
    openCase: async (title = 'Printeren på Ærø') => {
      const id = world.id()
      return await store.transaction(async (tx) => {
        const number = await nextCaseNumber(tx)
        await insertCase(tx, makeCase(id, number, title, kim, at()))
        await rememberMessageId(tx, `opening-${number}@customer.test`, id, null, at())
        return { id, number }
      })
    },
    comment: async (caseId, text, { by = 'anna', visibility = 'public', messageId } = {}) => {
      const id = world.id()
      await insertComment(store.db, {
        id,
        case_id: caseId,
        author_id: by === 'anna' ? anna : kim,
        author_name: by === 'anna' ? 'Anna Holm' : 'Kim Ærø',
        author_address: by === 'anna' ? PRIVATE : 'kim@customer.test',
        role: by === 'anna' ? 'agent' : 'contact',
        visibility,
        channel: 'mail',
        text,
        quoted: '',
        signature: '',
        message_id: messageId ?? null,
        mail_id: null,
        created_at: at(),
      })
      return id
    },
    tell: async (kind, it, over = {}) => {
      const id = world.id()
      const toAgent = AGENT_KINDS.has(kind)
      await enqueue(store.db, [
        {
          id,
          kind,
          case_id: it?.id ?? null,
          comment_id: null,
          to_name: toAgent ? 'Anna Holm' : 'Kim Ærø',
          to_address: toAgent ? PRIVATE : 'kim@customer.test',
          person_id: toAgent ? anna : kim,
          language: 'da',
          mailbox: 'support',
          data: '{}',
          message_id: ownMessageId(SECRETS, 'acme.test', it?.number ?? 0, id),
          created_at: at(),
          ...over,
        },
      ])
      return id
    },
    row: async (id) => await store.db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    rows: async () => await store.db.selectFrom('outbox').selectAll().orderBy('id').execute(),
    work: (options = {}, timeouts = {}, server = {}) => {
      const worker = startWorker(office, options, timeouts, server)
      workers.push(worker)
      return worker
    },
    close: async () => {
      await Promise.all(workers.map(async (worker) => await worker.stop()))
      await smtp.close()
      await store.close()
    },
  }
  return office
}

function startWorker(
  office: PostOffice,
  options: Partial<DeliveryOptions>,
  timeouts: Partial<Timeouts>,
  server: Partial<SmtpConfig>,
): Delivery {
  const { store, smtp, world } = office
  const perDomain = { connections: 50, perMinute: null }
  const all = { connections: 3, perDomain, pollMs: 30, leaseMs: 60_000, stopMs: 5_000, ...options }
  return startDelivery({
    outbox: outboxStore(
      store,
      world,
      { secrets: SECRETS, mailbox: () => mailbox },
      async (tx, row, failure) => await tellDeliveryFailed(tx, { world, policy }, row, failure),
    ),
    transport: openTransport(
      {
        host: smtp.host,
        port: smtp.port,
        tls: 'none',
        allowSelfSigned: true,
        user: null,
        auth: null,
        connections: all.connections,
        perDomain: all.perDomain,
        dkim: null,
        ...server,
      },
      { connect: 5_000, greeting: 5_000, silence: 5_000, ...timeouts },
    ),
    compose: (notice) => compose(notice, composing),
    world,
    log: makeLog('warn', office.log.stream),
    options: all,
  })
}

function makeCase(id: string, number: number, title: string, contactId: string, at: string) {
  return {
    id,
    number,
    title,
    description: 'Den er gået i stå.',
    descriptionQuoted: '',
    status: 'open',
    priority: 'normal',
    contactId,
    organisationId: null,
    endCustomer: null,
    assigneeId: null,
    mailbox: 'support',
    language: 'da',
    product: null,
    category: null,
    routine: null,
    type: null,
    operatingSystem: null,
    version: null,
    answerBy: 'email',
    solution: null,
    followUpOf: null,
    mergedInto: null,
    createdAt: at,
    updatedAt: at,
  } as const
}
