import { createHash } from 'node:crypto'
import type { CaseContext, CasePolicy } from '../../src/cases/context.ts'
import type { ParsedMail, Receipt } from '../../src/cases/parsed-mail.ts'
import { receive } from '../../src/cases/receive.ts'
import { syncAgents } from '../../src/cases/sync-agents.ts'
import { type CaseView, viewCase } from '../../src/cases/view.ts'
import type { Message } from '../../src/message/message.ts'
import { BUDGET_DEFAULTS } from '../../src/model/policy.ts'
import { type Audience, replyAddress } from '../../src/model/thread-key.ts'
import type { EngineName, TestStore } from './databases.ts'
import { openTestStore } from './databases.ts'
import { makeMessage } from './messages.ts'
import { type TestWorld, testWorld } from './world.ts'

const policy: CasePolicy = {
  budgets: BUDGET_DEFAULTS,
  secrets: ['a secret of at least thirty-two characters'],
  mailboxes: [
    {
      name: 'support',
      address: 'support@acme.test',
      language: 'da',
      defaults: { product: 'Alfa', category: null },
      participants: { policy: 'same-organisation', most: 10 },
      trust: { authservId: null, check: 'none', agents: 'plausible' },
    },
  ],
}

/** A store with the verbs on it, for tests that begin with a message instead of bytes. */
export interface HelpDesk {
  ctx: CaseContext
  store: TestStore
  world: TestWorld
  /** Takes one mail in; `over` is laid over a plain mail of Kim's. */
  take(over: Partial<Message>): Promise<Receipt>
  takeAll(mails: ParsedMail[], attempts?: number): Promise<Receipt[]>
  mail(over: Partial<Message>): ParsedMail
  show(number: number): Promise<CaseView>
  /** The reply address of a case, as a notice carries it. */
  key(number: number, audience: Audience): { name: null; address: string }
  outbox(): Promise<{ kind: string; to: string; case: string | null; status: string }[]>
}

export async function openHelpDesk(engine: EngineName): Promise<HelpDesk> {
  const store = await openTestStore(engine)
  const world = testWorld()
  const ctx: CaseContext = { store, world, policy }
  await syncAgents(ctx, [
    { name: 'Anna Holm', email: 'anna@private.test', language: 'en' },
    { name: 'Bo Dahl', email: 'bo@private.test', language: 'da' },
  ])
  let uid = 0
  const mail = (over: Partial<Message>): ParsedMail => {
    uid += 1
    const message = makeMessage({ messageId: `mail-${uid}@customer.test`, ...over })
    const raw = Buffer.from(`Message-ID: <${message.messageId}>\r\n\r\n${message.text}`)
    const rawSha256 = createHash('sha256').update(raw).digest('hex')
    return {
      place: { mailbox: 'support', uidValidity: '1', uid },
      identity: rawSha256,
      rawSha256,
      size: raw.length,
      raw: { bytes: raw },
      parsed: { kind: 'message', message },
    }
  }
  return {
    ctx,
    store,
    world,
    mail,
    takeAll: async (mails, attempts = 3) => await receive(ctx, mails, attempts),
    async take(over) {
      const [receipt] = await receive(ctx, [mail(over)], 3)
      if (!receipt) throw new Error('no receipt')
      return receipt
    },
    async show(number) {
      const it = await viewCase(store.db, number)
      if (!it) throw new Error(`no case ${number}`)
      return it
    },
    key: (number, audience) => ({
      name: null,
      address: replyAddress(policy.secrets, 'support@acme.test', number, audience, world.now()),
    }),
    outbox: async () => {
      const rows = await store.db
        .selectFrom('outbox')
        .select(['kind', 'to_address as to', 'case_id as case', 'status'])
        .orderBy('id')
        .execute()
      return rows
    },
  }
}
