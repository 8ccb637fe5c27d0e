import { domainOf, localPartOf } from '../model/address.ts'
import type { Language } from '../model/language.ts'
import { AGENT_KINDS, type DigestCase, type Notice, type NoticeComment, type NoticeKind } from '../model/notice.ts'
import { topicOf } from '../model/preferences.ts'
import { EXAMPLE_WORDS, type ExampleWords } from './example-words.ts'

type EnvelopeKey = 'kind' | 'row' | 'messageId' | 'bounceAddress' | 'to' | 'language' | 'mailbox' | 'at' | 'settings'
/** What a kind says besides to whom and how it leaves. */
type DataOf<Kind, N = Notice> = N extends { kind: infer Own }
  ? Kind extends Own
    ? Omit<N, EnvelopeKey>
    : never
  : never

const kim = { name: 'Kim Larsen', address: 'kim@customer.example' }
const anna = { name: 'Anna Holm', address: 'anna@private.example' }
const at = '2026-11-20T10:00:00.000Z'
const days = { from: '2026-11-19T06:00:00.000Z', until: '2026-11-20T06:00:00.000Z', timeZone: 'Europe/Copenhagen' }
const week = { ...days, from: '2026-11-13T06:00:00.000Z' }

/** One made-up notice of a kind, as it would leave `mailbox`: for previews and tests. Links lead below `site`. */
export function exampleNotice(
  kind: NoticeKind,
  language: Language,
  { mailbox, site }: { mailbox: { name: string; address: string }; site: string },
): Notice {
  const toAgent = AGENT_KINDS.has(kind)
  const [local, domain] = [localPartOf(mailbox.address), domainOf(mailbox.address)]
  const data = exampleData(EXAMPLE_WORDS[language], { site, toAgent, local, domain })
  const stop = { key: 'exampleexample', mailto: `mailto:${local}+s.exampleexample@${domain}?subject=stop` }
  return {
    kind,
    row: 'example',
    messageId: `c1042.example.abcdefghijklmnop@${domain}`,
    bounceAddress: `${local}+b.example.abcdefghijklmnop@${domain}`,
    to: toAgent ? anna : kim,
    language,
    mailbox: mailbox.name,
    at,
    settings: topicOf(kind) === null ? null : { key: 'exampleexample', stop },
    ...data[kind],
  } as Notice
}

interface Place {
  site: string
  toAgent: boolean
  local: string
  domain: string
}

/** What each kind says. */
function exampleData(words: ExampleWords, place: Place): { [K in NoticeKind]: DataOf<K> } {
  return { ...aboutCases(words, place), ...aboutAccounts(place.site), ...news(words, place.site) }
}

function aboutCases(words: ExampleWords, { toAgent, local, domain }: Place) {
  const about = {
    case: { number: 1042, title: words.title, status: 'open', contact: kim, assignee: anna.name },
    thread: {
      replyAddress: `${local}+c1042.5k2.${toAgent ? 'a' : 'c'}.abcdefghijklmnop@${domain}`,
      references: [`c1042.root.abcdefghijklmnop@${domain}`, '1f0c2a7e@customer.example'],
    },
  }
  const asked = { ...about, comment: commentBy(kim, words.question) }
  const answered = { ...about, comment: commentBy(anna, words.answer) }
  const solved = { ...about, case: { ...about.case, status: 'solved' }, comment: answered.comment }
  const verdict = { yes: 'y1042', no: 'n1042', yesAddress: `${local}+y1042@${domain}` }
  const noted: NoticeComment = { ...commentBy({ name: 'Bo Dahl', address: '' }, words.note), visibility: 'internal' }
  return {
    'case-received': { ...about, titled: true },
    'case-opened': asked,
    'comment-added': answered,
    'comment-added-agent': { ...about, comment: noted },
    'mail-held': { ...asked, comment: { ...asked.comment, held: 'its sender is unknown' } },
    'solution-proposed': { ...solved, verdict },
    'case-closed': { ...about, case: { ...about.case, status: 'closed' } },
    'case-reopened': about,
    'case-reopened-agent': { ...about, by: kim.name },
    'case-assigned': { ...about, by: 'Bo Dahl' },
    'delivery-failed': {
      ...about,
      failure: { to: kim.address, of: 'comment-added', why: '550 5.1.1 No such user here', stopped: true },
    },
    'mail-too-large': { subject: words.title, size: 62_914_560, limit: 52_428_800 },
    'command-receipt': { ...about, ...receipt },
  } satisfies Partial<{ [K in NoticeKind]: DataOf<K> }>
}

const receipt = {
  done: [],
  refused: [{ line: '#assign Bob', why: 'no-agent' }],
  wordless: false,
  help: [
    { name: 'assign', usage: '#assign me' },
    { name: 'solved', usage: '#solved' },
    { name: 'note', usage: '#note' },
  ],
}

function commentBy(author: typeof kim, text: string): NoticeComment {
  const byAgent = author !== kim
  return { author, byAgent, visibility: 'public', text, at, attachments: [], withheld: [], held: null }
}

function aboutAccounts(site: string) {
  const url = `${site}/t/abcdefghijklmnop`
  const securityUrl = `${site}/account/security`
  return {
    welcome: { url, hours: 24 },
    'activate-account': { url, hours: 24, inviter: anna.name },
    'account-exists': { signInUrl: `${site}/sign-in`, resetUrl: url },
    'reset-password': { url, hours: 24 },
    'sign-in-link': { url, minutes: 15 },
    'password-changed': { securityUrl },
    'address-change': { url, hours: 24, newAddress: 'kim.larsen@customer.example' },
    'address-changed': { undoUrl: url, days: 7, newAddress: 'k…@customer.example' },
    'second-factor-on': { factor: 'totp', securityUrl },
    'second-factor-off': { factor: 'totp', securityUrl },
    'emergency-code-used': { securityUrl },
    'identity-move': { url, hours: 1, provider: 'Microsoft', newAddress: 'k…@customer.example' },
    'identity-changed': { change: 'linked', provider: 'Microsoft', securityUrl },
    'new-sign-in': { device: 'Firefox, Linux', place: '203.0.113.7', securityUrl },
  } satisfies Partial<{ [K in NoticeKind]: DataOf<K> }>
}

function news(words: ExampleWords, site: string) {
  const article = {
    area: words.area,
    title: words.article,
    author: anna.name,
    at: '2026-11-19T09:00:00.000Z',
    url: `${site}/articles/17`,
  }
  const other = { ...article, title: words.otherArticle, author: 'Bo Dahl', url: `${site}/articles/18` }
  const threadId = 'article17'
  return {
    'article-published': { article, text: words.articleText, threadId },
    'article-commented': { article, author: kim.name, text: words.articleComment, threadId },
    'agent-digest': agentDigest(words, site),
    'customer-digest': {
      ...week,
      of: 2,
      cases: [
        { case: digestCase(1042, words.title, site, { status: 'solved' }), comments: 2, solved: true, was: 'open' },
        { case: digestCase(1038, words.otherTitle, site), comments: 0, solved: false, was: null },
      ],
    },
    'article-digest': {
      ...week,
      articles: [article, other],
      of: 4,
      commented: { of: 1, comments: 2, articles: [{ ...article, comments: 2 }] },
    },
    'mailbox-alarm': {
      alarm: {
        mailbox: 'support',
        since: '2026-11-20T08:40:00.000Z',
        error: 'the server refused the login (AUTHENTICATIONFAILED)',
        recoveredAt: null,
      },
    },
  } satisfies Partial<{ [K in NoticeKind]: DataOf<K> }>
}

function agentDigest(words: ExampleWords, site: string): DataOf<'agent-digest'> {
  const printer = digestCase(1042, words.title, site)
  const drive = digestCase(1038, words.otherTitle, site, { contact: 'Lee Bo', assignee: null, status: 'new' })
  return {
    ...days,
    opened: { of: 2, cases: [printer, drive] },
    waitingOnUs: { of: 7, cases: [printer, drive] },
    waitingLongest: { of: 1, cases: [digestCase(977, words.otherTitle, site, { since: '2026-10-28T08:30:00.000Z' })] },
    unassigned: { of: 1, cases: [drive] },
    solved: { of: 0, cases: [] },
    failed: {
      of: 1,
      cases: [{ number: 1042, to: kim.address, why: '550 5.1.1 No such user here', at: days.from }],
    },
  }
}

function digestCase(number: number, title: string, site: string, over: Partial<DigestCase> = {}): DigestCase {
  const url = `${site}/cases/${number}`
  const since = '2026-11-18T08:30:00.000Z'
  return { number, title, status: 'open', contact: kim.name, assignee: anna.name, since, url, ...over }
}
