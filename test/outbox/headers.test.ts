import { describe, expect, test } from 'vitest'
import { NOTICE_KINDS, type NoticeKind } from '../../src/model/notice.ts'
import { sharedRootId } from '../../src/model/thread-key.ts'
import { type ComposeContext, compose } from '../../src/outbox/compose.ts'
import { brand, composing, mailbox, makeNotice } from '../support/notices.ts'

const KEY = 'ud.person1.abcdefghijklmnop'
const MAILTO = `mailto:support+${KEY}@acme.test?subject=stop`
const LEAVE = { key: 'l12.abcdefghijklmnop', mailto: 'mailto:support+l12.abcdefghijklmnop@acme.test?subject=leave' }
const settings = { key: 'p.person1.abcdefghijklmnop', stop: { key: KEY, mailto: MAILTO } }
/** What people subscribe to. */
const LISTS: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'agent-digest',
  'customer-digest',
  'article-digest',
  'article-published',
  'article-commented',
])
const ABOUT_CASES = /^(case-|comment-|mail-held|solution-|delivery-|command-)/

function headersOf(kind: NoticeKind, over: Partial<ComposeContext> = {}, leave: typeof LEAVE | null = null) {
  const { headers } = compose({ ...makeNotice(kind, { thread: { leave } }), settings }, { ...composing, ...over })
  const names = headers.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]))
}

describe('for whoever sums up complaints', () => {
  test.each(NOTICE_KINDS)('%s says its kind, brand and mailbox in four parts', (kind) => {
    expect(headersOf(kind)['Feedback-ID']).toBe(`${kind}:brand-acme:mailbox-support:posthorn`)
  })

  test('names with colons, spaces and letters of every kind are four parts too', () => {
    const odd = { brand: { ...brand, name: 'Grøn: & Blå\r\nBcc: x@y' }, mailbox: { ...mailbox, name: '日本' } }
    expect(headersOf('comment-added', odd)['Feedback-ID']).toBe(
      'comment-added:brand-Gr-n-Bla-Bcc-x-y:mailbox-x:posthorn',
    )
  })
})

describe('what somebody subscribes to', () => {
  test.each(NOTICE_KINDS)('%s is a list or none', (kind) => {
    const { 'List-Id': id, Precedence: precedence, 'List-Unsubscribe': ways, ...rest } = headersOf(kind)
    if (LISTS.has(kind)) {
      const topic = kind.startsWith('article-') && kind !== 'article-digest' ? 'areas' : kind
      expect([id, precedence]).toEqual([`<${topic}.support.acme.test>`, 'bulk'])
      expect(ways).toBe(`<https://support.acme.test/stop/${KEY}>, <${MAILTO}>`)
      expect(rest['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
    } else expect([id, precedence, ways, rest['List-Unsubscribe-Post']]).toEqual(Array(4).fill(undefined))
  })

  test('ends by mail alone where there is no portal', () => {
    const found = headersOf('agent-digest', { portalUrl: null })
    expect(found['List-Unsubscribe']).toBe(`<${MAILTO}>`)
    expect(found['List-Unsubscribe-Post']).toBeUndefined()
  })

  test('ends on a page, and not by one click, where the portal has no https', () => {
    const found = headersOf('article-published', { portalUrl: 'http://support.acme.test' })
    expect(found['List-Unsubscribe']).toBe(`<http://support.acme.test/stop/${KEY}>, <${MAILTO}>`)
    expect(found['List-Unsubscribe-Post']).toBeUndefined()
  })

  test('has a List-Id of letters, digits, dots and hyphens, whatever the mailbox is called', () => {
    const found = headersOf('agent-digest', { mailbox: { ...mailbox, address: "kund+tjänst_o'x@acme.test" } })
    expect(found['List-Id']).toBe('<agent-digest.kund-tja-nst-o-x.acme.test>')
  })
})

test('a participant’s mails end the case for them, and nobody else’s do', () => {
  const found = headersOf('comment-added', {}, LEAVE)
  expect(found['List-Unsubscribe']).toBe(`<https://support.acme.test/leave/${LEAVE.key}>, <${LEAVE.mailto}>`)
  expect(found['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
  expect(found['List-Id']).toBeUndefined()
  expect(headersOf('comment-added')['List-Unsubscribe']).toBeUndefined()
})

describe('the thread', () => {
  const threadOf = (kind: NoticeKind, over: object = {}) => {
    const { references, inReplyTo, replyTo } = compose({ ...makeNotice(kind), ...over } as never, composing)
    return { references, inReplyTo, replyTo: replyTo?.address ?? null }
  }

  test.each(NOTICE_KINDS.filter((kind) => ABOUT_CASES.test(kind)))(
    '%s stands in its case, and is answered there',
    (kind) => {
      expect(threadOf(kind)).toEqual({
        references: ['c12.root.abcdefghijklmnop@acme.test', 'kim-1@customer.test'],
        inReplyTo: 'kim-1@customer.test',
        replyTo: 'support+c12.5k2.c.abcdefghijklmnop@acme.test',
      })
    },
  )

  test('the first mail to somebody answers nothing, and hangs below the root', () => {
    const root = 'c12.root.abcdefghijklmnop@acme.test'
    const thread = { ...makeNotice('case-opened').thread, references: [root] }
    expect(threadOf('case-opened', { thread })).toMatchObject({ references: [root], inReplyTo: null })
  })

  test('all mails about an article share an ancestor that is nobody’s mail', () => {
    const root = sharedRootId('acme.test', 'article', 'article17')
    expect(root).toBe('article.article17.root@acme.test')
    for (const kind of ['article-published', 'article-commented'] as const)
      expect(compose(bare(kind), composing)).toMatchObject({ references: [root], inReplyTo: null, replyTo: null })
  })

  test('the end of an alarm hangs with its beginning, and another alarm does not', () => {
    const { alarm, ...notice } = bare('mailbox-alarm')
    const rootOf = (over: object) => compose({ ...notice, alarm: { ...alarm, ...over } }, composing).references
    expect(rootOf({ recoveredAt: '2026-11-20T09:00:00.000Z' })).toEqual(rootOf({}))
    expect(rootOf({})).toEqual(['alarm.support-2026-11-20T08-00-00-000Z.root@acme.test'])
    expect(rootOf({ since: '2026-11-21T08:00:00.000Z' })).not.toEqual(rootOf({}))
  })

  test.each(['agent-digest', 'customer-digest', 'article-digest', 'welcome', 'reset-password'] as const)(
    '%s stands alone',
    (kind) => {
      expect(compose(bare(kind), composing)).toMatchObject({ references: [], inReplyTo: null, replyTo: null })
    },
  )
})

/** As the store makes it: with a thread only where it is about a case. */
function bare<K extends NoticeKind>(kind: K): ReturnType<typeof makeNotice<K>> {
  const { thread: _, ...notice } = makeNotice(kind) as ReturnType<typeof makeNotice<K>> & { thread?: unknown }
  return notice as unknown as ReturnType<typeof makeNotice<K>>
}
