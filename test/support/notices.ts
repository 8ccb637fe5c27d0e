import { join } from 'node:path'
import type { BrandConfig, MailboxConfig } from '../../src/config/config.ts'
import { AGENT_KINDS, type Notice, type NoticeKind } from '../../src/model/notice.ts'
import type { ComposeContext } from '../../src/outbox/compose.ts'
import { loadTemplates } from '../../src/render/load.ts'

export const templates = loadTemplates([join(import.meta.dirname, '../../templates')])

export const mailbox: MailboxConfig = {
  name: 'support',
  address: 'support@acme.test',
  imap: {
    host: '127.0.0.1',
    port: 143,
    tls: 'none',
    allowSelfSigned: true,
    user: 'support',
    auth: { kind: 'password', password: 'x' },
  },
  folder: 'INBOX',
  after: { kind: 'leave' },
  language: 'da',
  brand: 'acme',
  plusAddress: true,
  verp: true,
  pollSeconds: 60,
  defaults: { product: null, category: null },
  participants: { policy: 'same-organisation', most: 10 },
  trust: { authservId: null, check: null, agents: null },
}

export const brand: BrandConfig = {
  name: 'acme',
  fromName: 'Acme Support',
  signature: 'Venlig hilsen\nAcme',
  supportContact: '+45 70 12 34 56',
}

export const composing: ComposeContext = {
  templates,
  mailbox,
  brand,
  portalUrl: 'https://support.acme.test',
  noticeAttachments: 1_000,
}

/** The address that no customer may ever see. */
export const PRIVATE = 'anna.holm@private.test'

const kim = { name: 'Kim Larsen', address: 'kim@customer.test' }
const anna = { name: 'Anna Holm', address: PRIVATE }

/** A notice of a kind: Kim's words to Anna, or Anna's to Kim; what a test cares about is laid over its parts. */
export function makeNotice<K extends NoticeKind>(
  kind: K,
  over: {
    title?: string
    text?: string
    comment?: object
    to?: object
    language?: Notice['language']
    thread?: object
  } = {},
): Extract<Notice, { kind: K }> {
  const toAgent = AGENT_KINDS.has(kind)
  const notice = {
    kind,
    row: 'row0001',
    titled: true,
    messageId: 'c12.row0001.abcdefghijklmnop@acme.test',
    to: { ...(toAgent ? anna : kim), ...over.to },
    language: over.language ?? 'da',
    mailbox: 'support',
    at: '2026-11-20T10:00:00.000Z',
    case: {
      number: 12,
      title: over.title ?? 'Printeren på 2. sal',
      status: 'open',
      contact: kim,
      assignee: 'Anna Holm',
    },
    thread: {
      replyAddress: 'support+c12.5k2.c.abcdefghijklmnop@acme.test',
      references: ['c12.root.abcdefghijklmnop@acme.test', 'kim-1@customer.test'],
      ...over.thread,
    },
    ...(kind === 'case-received' || kind === 'mail-too-large' || kind === 'command-receipt'
      ? {}
      : { comment: commentOf(toAgent, over) }),
    ...(kind === 'command-receipt' ? RECEIPT : {}),
    subject: over.title ?? 'Billeder',
    size: 62_914_560,
    limit: 52_428_800,
  }
  return notice as unknown as Extract<Notice, { kind: K }>
}

const RECEIPT = { done: [{ key: 'assigned', value: 'Anna Holm' }], refused: [], wordless: true, help: [] }

function commentOf(toAgent: boolean, over: { text?: string; comment?: object }): object {
  return {
    author: toAgent ? kim : anna,
    byAgent: !toAgent,
    visibility: 'public',
    text: over.text ?? 'Hej, den virker ikke.',
    at: '2026-11-20T09:59:00.000Z',
    attachments: [],
    withheld: [],
    held: null,
    ...over.comment,
  }
}
