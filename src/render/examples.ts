import type { MailKind, MailView } from './view.ts'

const brand = {
  name: 'Acme Support',
  signature: 'Acme Support\nwww.acme.example',
  supportContact: '+45 70 12 34 56',
  color: '#1f5fd0',
  logo: { url: 'https://support.acme.example/logo.png', width: 120, height: 32 },
}
const common = { brand, settings: 'https://support.acme.example/settings/p1', timeZone: 'Europe/Copenhagen' }
const theCase = {
  number: 1042,
  title: 'HP LaserJet M404: 49.4C02',
  subject: 'HP LaserJet M404: 49.4C02',
  status: 'open',
  url: 'https://support.acme.example/cases/1042',
}
const { title: _, ...receivedCase } = theCase
const comment = {
  author: 'Anna',
  text: 'HP LaserJet M404 · 49.4C02\n\nFirmware 2.14.1 → 2.14.3:\nhttps://download.acme.example/m404-2.14.3.zip\n\nAnna',
  start: 'HP LaserJet M404 · 49.4C02 Firmware 2.14.1 → 2.14.3',
  cut: true,
  missing: [{ filename: 'm404-2.14.3.zip', size: 31_457_280 }],
  withheld: [{ filename: 'scan-0042.pdf.exe', size: 48_128 }],
}
const actions = [{ name: 'assign', line: '#assign me', url: 'mailto:support%2Bc1042@acme.example?body=%23assign%20me' }]
const leave = 'mailto:support+l1042.abcdefghijklmnop@acme.example?subject=leave'
const verdict = { yes: 'https://support.acme.example/solved/y1', no: 'https://support.acme.example/solved/n1' }
const at = '2026-11-20T10:00:00.000Z'
const days = { from: '2026-11-19T06:00:00.000Z', until: '2026-11-20T06:00:00.000Z' }
const securityUrl = 'https://support.acme.example/account/security'
const link = 'https://support.acme.example/t/abcdefghijklmnop'
const article = {
  area: 'HP LaserJet',
  title: 'M404 + Wi-Fi',
  author: 'Anna',
  at,
  url: 'https://support.acme.example/articles/17',
}
const { author: __, ...commented } = article
const digestCase = {
  number: 1042,
  title: theCase.title,
  status: 'open',
  contact: 'Kim Larsen',
  assignee: 'Anna Holm',
  since: '2026-11-18T08:30:00.000Z',
  url: theCase.url,
}
const another = {
  ...digestCase,
  number: 1041,
  title: 'VPN: 0x80090326',
  url: 'https://support.acme.example/cases/1041',
  contact: 'Ida Berg',
  assignee: null,
  status: 'new',
}
const section = { of: 12, more: 10, items: [digestCase, another] }
const solved = {
  of: 1,
  more: 0,
  items: [
    {
      ...digestCase,
      number: 1037,
      url: 'https://support.acme.example/cases/1037',
      title: 'Teams + Outlook',
      status: 'solved',
    },
  ],
}
const ARTICLE = 'Wi-Fi → WPS → OK (10 s) → LED'
/** About what nobody can choose not to be told of. */
const always = { ...common, settings: null }
const account = { answerable: false, ...always }
const agentCase = { ...theCase, contact: 'Kim Larsen', actions }
const agentComment = {
  ...comment,
  author: 'Kim Larsen',
  address: 'kim@kunde.example',
  internal: true,
  held: 'its sender is unknown',
}

/**
 * One made-up view of each kind, with nothing left out: the list of holes that its templates may have.
 * An optional part stands here with a value, so that what is below it can be checked too.
 */
export const EXAMPLES: { [K in MailKind]: MailView & { kind: K } } = {
  'case-received': { kind: 'case-received', answerable: true, ...always, case: receivedCase },
  'case-opened': { kind: 'case-opened', answerable: true, ...common, case: agentCase, comment: agentComment },
  'comment-added': { kind: 'comment-added', answerable: true, ...common, case: theCase, comment, verdict, leave },
  'comment-added-agent': {
    kind: 'comment-added-agent',
    answerable: true,
    ...common,
    case: agentCase,
    comment: agentComment,
  },
  'solution-proposed': {
    kind: 'solution-proposed',
    answerable: true,
    ...common,
    case: theCase,
    comment,
    verdict,
    leave,
  },
  'command-receipt': {
    kind: 'command-receipt',
    answerable: true,
    ...always,
    case: agentCase,
    done: [{ key: 'assigned', value: 'Anna Holm' }],
    refused: [{ line: '#assign Bob', why: 'no-agent' }],
    keptWords: true,
    help: [{ name: 'assign', usage: '#assign me' }],
  },
  'mail-too-large': {
    kind: 'mail-too-large',
    answerable: false,
    ...always,
    mail: { subject: 'Foto 1–24', size: 62_914_560, limit: 52_428_800 },
  },
  'mail-held': { kind: 'mail-held', answerable: true, ...always, case: agentCase, comment: agentComment },
  'case-closed': { kind: 'case-closed', answerable: true, ...common, case: theCase, leave },
  'case-reopened': { kind: 'case-reopened', answerable: true, ...common, case: theCase, leave },
  'case-reopened-agent': {
    kind: 'case-reopened-agent',
    answerable: true,
    ...common,
    case: agentCase,
    by: 'Kim Larsen',
  },
  'case-assigned': { kind: 'case-assigned', answerable: true, ...always, case: agentCase, by: 'Bo Dahl' },
  'delivery-failed': {
    kind: 'delivery-failed',
    answerable: true,
    ...always,
    case: agentCase,
    failure: { to: 'kim@kunde.example', of: 'comment-added', why: '550 5.1.1 No such user', stopped: true },
  },
  welcome: { kind: 'welcome', ...account, url: link, hours: 24 },
  'activate-account': { kind: 'activate-account', ...account, url: link, hours: 24, inviter: 'Anna Holm' },
  'account-exists': { kind: 'account-exists', ...account, signInUrl: link, resetUrl: link },
  'reset-password': { kind: 'reset-password', ...account, url: link, hours: 24 },
  'sign-in-link': { kind: 'sign-in-link', ...account, url: link, minutes: 15 },
  'password-changed': { kind: 'password-changed', ...account, securityUrl, at },
  'address-change': { kind: 'address-change', ...account, url: link, hours: 24, newAddress: 'kim@ny.example' },
  'address-changed': { kind: 'address-changed', ...account, undoUrl: link, days: 7, newAddress: 'k…@ny.example' },
  'second-factor-on': { kind: 'second-factor-on', ...account, factor: 'totp', securityUrl, at },
  'second-factor-off': { kind: 'second-factor-off', ...account, factor: 'totp', securityUrl, at },
  'emergency-code-used': { kind: 'emergency-code-used', ...account, securityUrl, at },
  'identity-move': {
    kind: 'identity-move',
    ...account,
    url: link,
    hours: 1,
    provider: 'Microsoft',
    newAddress: 'k…@ny.example',
  },
  'identity-changed': {
    kind: 'identity-changed',
    ...account,
    change: 'linked',
    provider: 'Microsoft',
    securityUrl,
    at,
  },
  'new-sign-in': {
    kind: 'new-sign-in',
    ...account,
    device: 'Firefox, Linux',
    place: '203.0.113.7',
    securityUrl,
    at,
  },
  'article-published': {
    kind: 'article-published',
    answerable: false,
    ...common,
    article,
    text: ARTICLE,
    start: 'Wi-Fi → WPS → OK (10 s) → LED',
  },
  'article-commented': {
    kind: 'article-commented',
    answerable: false,
    ...common,
    article,
    author: 'Kim Larsen',
    text: 'OK, M404dn + M404dw 👍',
    start: 'OK, M404dn + M404dw 👍',
  },
  'agent-digest': {
    kind: 'agent-digest',
    answerable: false,
    ...common,
    digest: {
      ...days,
      opened: section,
      waitingOnUs: section,
      waitingLongest: section,
      unassigned: { of: 3, more: 2, items: [another] },
      solved,
      failed: { of: 1, more: 0, items: [{ number: 1042, to: 'kim@kunde.example', why: '550 5.1.1 No such user' }] },
    },
  },
  'customer-digest': {
    kind: 'customer-digest',
    answerable: false,
    ...common,
    digest: {
      ...days,
      of: 3,
      more: 1,
      items: [
        { ...digestCase, status: 'pending', comments: 2, solved: true, was: 'open' },
        { ...another, comments: 0, solved: false, was: null },
      ],
    },
  },
  'article-digest': {
    kind: 'article-digest',
    answerable: false,
    ...common,
    digest: {
      ...days,
      articles: { of: 3, more: 1, items: [article, { ...article, area: 'VPN', title: '0x80090326', author: null }] },
      commented: { of: 2, more: 1, comments: 5, items: [{ ...commented, comments: 4 }] },
    },
  },
  'mailbox-alarm': {
    kind: 'mailbox-alarm',
    ...account,
    alarm: {
      mailbox: 'support',
      since: '2026-11-20T07:40:00.000Z',
      error: 'the server refused the login',
      recoveredAt: at,
    },
  },
}
