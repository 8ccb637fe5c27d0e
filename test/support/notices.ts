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
  passwords: 'nist',
  color: '#1f5fd0',
  logo: null,
}

export const composing: ComposeContext = {
  templates,
  mailbox,
  brand,
  portalUrl: 'https://support.acme.test',
  timeZone: 'Europe/Copenhagen',
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
    ...(WITH_COMMENT.has(kind) ? { comment: commentOf(toAgent, over) } : {}),
    ...DATA[kind],
    subject: over.title ?? 'Billeder',
    size: 62_914_560,
    limit: 52_428_800,
  }
  return notice as unknown as Extract<Notice, { kind: K }>
}

const WITH_COMMENT: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'case-opened',
  'comment-added',
  'comment-added-agent',
  'mail-held',
  'solution-proposed',
])

const url = 'https://support.acme.test/t/abcdefghijklmnop'
const securityUrl = 'https://support.acme.test/account/security'
const article = {
  area: 'Udskrivning',
  title: 'Sådan nulstiller du printeren',
  author: 'Anna Holm',
  at: '2026-11-20T09:00:00.000Z',
  url: 'https://support.acme.test/articles/17',
}
const digestCase = {
  number: 12,
  title: 'Printeren på 2. sal',
  status: 'open',
  contact: 'Kim Larsen',
  assignee: null,
  since: '2026-11-18T08:30:00.000Z',
  url: null,
}
const section = { of: 1, cases: [digestCase] }
const days = { from: '2026-11-19T06:00:00.000Z', until: '2026-11-20T06:00:00.000Z', timeZone: 'Europe/Copenhagen' }

/** What each kind says besides case, comment and thread. */
const DATA: Partial<Record<NoticeKind, object>> = {
  'command-receipt': { done: [{ key: 'assigned', value: 'Anna Holm' }], refused: [], wordless: true, help: [] },
  'case-assigned': { by: 'Bo Dahl' },
  'case-reopened-agent': { by: 'Kim Larsen' },
  'delivery-failed': {
    failure: { to: 'kim@customer.test', of: 'comment-added', why: '550 5.1.1 No such user', stopped: true },
  },
  welcome: { url, hours: 24 },
  'activate-account': { url, hours: 24, inviter: 'Anna Holm' },
  'account-exists': { signInUrl: url, resetUrl: url },
  'reset-password': { url, hours: 24 },
  'sign-in-link': { url, minutes: 15 },
  'password-changed': { securityUrl },
  'address-change': { url, hours: 24, newAddress: 'kim@new.test' },
  'address-changed': { undoUrl: url, days: 7, newAddress: 'k…@new.test' },
  'second-factor-on': { factor: 'totp', securityUrl },
  'second-factor-off': { factor: 'totp', securityUrl },
  'emergency-code-used': { securityUrl },
  'identity-move': { url, hours: 1, provider: 'Microsoft', newAddress: 'k…@customer.test' },
  'identity-changed': { change: 'linked', provider: 'Microsoft', securityUrl },
  'new-sign-in': { device: 'Firefox, Linux', place: '203.0.113.7', securityUrl },
  'article-published': { article, text: 'Hold knappen inde i ti sekunder.', threadId: 'article17' },
  'article-commented': { article, author: 'Kim Larsen', text: 'Det virkede, tak.', threadId: 'article17' },
  'agent-digest': {
    ...days,
    opened: section,
    waitingOnUs: section,
    waitingLongest: section,
    unassigned: section,
    solved: section,
    failed: { of: 1, cases: [{ number: 12, to: 'kim@customer.test', why: '550 5.1.1 No such user', at: days.from }] },
  },
  'customer-digest': { ...days, cases: [{ case: digestCase, comments: 2, solved: false, was: 'new' }], of: 1 },
  'article-digest': {
    ...days,
    articles: [article],
    of: 1,
    commented: { of: 1, comments: 2, articles: [{ ...article, comments: 2 }] },
  },
  'mailbox-alarm': {
    alarm: { mailbox: 'support', since: '2026-11-20T08:00:00.000Z', error: 'login refused', recoveredAt: null },
  },
}

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
