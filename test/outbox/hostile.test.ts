import { describe, expect, test } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { NOTICE_KINDS, type Notice, type NoticeKind } from '../../src/model/notice.ts'
import { compose } from '../../src/outbox/compose.ts'
import { composing, makeNotice } from '../support/notices.ts'

/** What tries to break out of a line, of HTML, of Markdown and of Handlebars, and to hide or turn what is around it. */
const HOSTILE = `"><img src=x onerror=y>\r\nBcc: v@evil.test\u2028\u202e\0\ud800{{case.number}}{{{x}}} [x](http://evil.example) **b** 😀'`
/** What somebody else has written, by the name that it has in a notice. */
const WRITTEN = new Set([
  'title',
  'text',
  'name',
  'inviter',
  'newAddress',
  'device',
  'place',
  'area',
  'author',
  'contact',
  'assignee',
  'why',
  'error',
  'by',
  'filename',
  'held',
  'value',
  'line',
])

/** A notice with `evil` wherever somebody else's words stand in it. */
function hostile(kind: NoticeKind, evil: string, language: Notice['language']): Notice {
  const replaced = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return WRITTEN.has(key) ? evil : value
    if (Array.isArray(value)) return value.map((it) => replaced(it, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, replaced(it, name)]))
  }
  return replaced(makeNotice(kind, { language, title: evil }), '') as Notice
}

/** What stands in the mail in the lines that somebody wrote, which are kept as they are. */
const WITH_LINES: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'case-opened',
  'comment-added',
  'comment-added-agent',
  'mail-held',
  'solution-proposed',
  'article-published',
  'article-commented',
])

describe('what others wrote breaks out of nothing', () => {
  test.each(NOTICE_KINDS)('in %s', (kind) => {
    for (const language of LANGUAGES) {
      const mail = compose(hostile(kind, HOSTILE, language), composing)
      for (const value of [mail.subject, mail.from.name, mail.to.name, mail.replyTo?.name])
        expect(value ?? '').not.toMatch(/[\0-\x1f\u2028\u2029\u202e\ud800]/)
      expect(mail.html).not.toMatch(/<img src=x|href="http:\/\/evil|<strong>b<\/strong>/)
      // A turn of direction in somebody's text ends with its cell, at the latest.
      expect(mail.html.replace(/<td class="said"[^>]*>[\s\S]*?<\/td>/g, '')).not.toMatch(/[\0\u202e]/)
      expect(mail.html).not.toContain('\0')
      expect(mail.text.isWellFormed() && mail.html.isWellFormed()).toBe(true)
      if (!WITH_LINES.has(kind)) expect(mail.text).not.toMatch(/^Bcc:/m)
      expect(mail.text).not.toContain('{{case.number}}{{{x}}} [x](http://evil.example) <')
    }
  })

  test.each(NOTICE_KINDS)('in %s it is no longer than it may be', (kind) => {
    const mail = compose(hostile(kind, 'x'.repeat(2_000), 'en'), composing)
    expect(mail.subject.length).toBeLessThan(260)
    expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000)
    for (const name of [mail.from.name, mail.to.name]) expect((name ?? '').length).toBeLessThan(120)
  })
})

describe('digests', () => {
  test('are written by the clock of their reader, whatever that of the mailbox', () => {
    const notice = { ...makeNotice('agent-digest', { language: 'en' }), timeZone: 'America/New_York' }
    const { text } = compose(notice, composing)
    expect(text).toContain('19 November 2026 at 01:00 GMT-5')
    expect(text).not.toContain('CET')
  })

  test('say how many there are besides those listed', () => {
    const notice = makeNotice('article-digest', { language: 'en' })
    expect(compose({ ...notice, of: 4 }, composing).text).toContain('\nand 3 more\n')
    const commented = { ...notice.commented, of: 6 }
    expect(compose({ ...notice, commented }, composing).text).toContain('\nand 5 more\n')
    expect(compose({ ...notice, of: 1 }, composing).text).not.toContain('more')
  })

  test('tell customers of none of our people', () => {
    const notice = makeNotice('customer-digest', { language: 'en' })
    const cases = notice.cases.map((it) => ({ ...it, case: { ...it.case, assignee: 'Anna Holm', contact: 'Kim' } }))
    const { text, html } = compose({ ...notice, cases }, composing)
    for (const part of [text, html]) expect(part).not.toMatch(/Anna|Holm|Kim/)
  })
})
