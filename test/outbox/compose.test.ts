import { describe, expect, test } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { AGENT_KINDS, NOTICE_KINDS, type NoticeKind } from '../../src/model/notice.ts'
import { REPLY_MARKERS } from '../../src/model/reply-marker.ts'
import { compose } from '../../src/outbox/compose.ts'
import { brand, composing, makeNotice, PRIVATE } from '../support/notices.ts'

const attachment = (filename: string, size: number) => ({ filename, contentType: 'text/plain', size, sha256: filename })

describe('who it is from', () => {
  test('an agent to a customer: first name, brand, and the address of the mailbox', () => {
    const mail = compose(makeNotice('comment-added'), composing)
    expect(mail.from).toEqual({ name: 'Anna, Acme Support', address: 'support@acme.test' })
    expect(mail.to).toEqual({ name: 'Kim Larsen', address: 'kim@customer.test' })
    expect(mail.envelope).toEqual({ from: 'support@acme.test', to: 'kim@customer.test' })
  })

  test('a customer to an agent: the customer’s name and the brand', () => {
    expect(compose(makeNotice('comment-added-agent'), composing).from.name).toBe('Kim Larsen (Acme Support)')
    expect(compose(makeNotice('case-opened'), composing).from.name).toBe('Kim Larsen (Acme Support)')
  })

  test('nobody: the brand', () => {
    expect(compose(makeNotice('case-received'), composing).from.name).toBe('Acme Support')
    expect(compose(makeNotice('mail-too-large'), composing).from.name).toBe('Acme Support')
  })

  test.each([null, '', PRIVATE, `"${PRIVATE}"`])('an agent whose name is %j is called by the brand', (name) => {
    const notice = makeNotice('comment-added', { comment: { author: { name, address: PRIVATE } } })
    const mail = compose(notice, composing)
    expect(mail.from.name).toBe('Acme Support')
    expect(JSON.stringify(mail)).not.toContain('anna')
  })
})

test.each(NOTICE_KINDS)('an agent’s private address is nowhere in %s, unless it is the agent’s own mail', (kind) => {
  for (const language of LANGUAGES) {
    const { envelope, to, ...mail } = compose(makeNotice(kind, { language }), composing)
    expect(JSON.stringify(mail)).not.toContain('private.test')
    expect(JSON.stringify(mail)).not.toContain('anna.holm')
    const forAgent = AGENT_KINDS.has(kind)
    expect([envelope.to, to.address]).toEqual(Array(2).fill(forAgent ? PRIVATE : 'kim@customer.test'))
  }
})

describe('the thread', () => {
  test('answers go to the case’s key; ids stand as the notice has them', () => {
    const mail = compose(makeNotice('comment-added'), composing)
    expect(mail.replyTo).toEqual({ name: 'Acme Support', address: 'support+c12.5k2.c.abcdefghijklmnop@acme.test' })
    expect(mail.messageId).toBe('c12.row0001.abcdefghijklmnop@acme.test')
    expect(mail.references).toEqual(['c12.root.abcdefghijklmnop@acme.test', 'kim-1@customer.test'])
    expect(mail.inReplyTo).toBe('kim-1@customer.test')
  })

  test('ids that would break a header are left out', () => {
    const references = ['a@b', 'x\r\nBcc: evil@x', 'x> <y@z', 'a b@c', 'ø@å', `${'x'.repeat(901)}`]
    expect(compose(makeNotice('comment-added', { thread: { references } }), composing).references).toEqual(['a@b'])
  })

  test('all mails of a case have the same subject below Re:', () => {
    const title = 'Se http://evil.example/x og www.evil.example eller evil.example/y nu'
    const subjects = (['case-received', 'case-opened', 'comment-added', 'solution-proposed'] as const).map(
      (kind) => compose(makeNotice(kind, { title }), composing).subject,
    )
    const base = '[#12] Se … og … eller … nu'
    expect(subjects).toEqual([base, base, `Re: ${base}`, `Re: ${base}`])
  })

  test('the first line asks to write above it', () => {
    for (const language of LANGUAGES) {
      const mail = compose(makeNotice('comment-added', { language }), composing)
      expect(mail.text.split('\n')[0]).toBe(REPLY_MARKERS[language])
    }
  })
})

describe('a receipt to an address that is not proven', () => {
  test('carries none of the sender’s words but a subject without links', () => {
    const notice = makeNotice('case-received', {
      title: `Buy https://evil.example/buy now ${'x'.repeat(300)}`,
      to: { name: 'Cheap watches at evil.example' },
    })
    const mail = compose(notice, composing)
    expect(mail.subject.length).toBeLessThanOrEqual('[#12] '.length + 120)
    expect(mail.to.name).toBeNull()
    expect(mail.text).not.toMatch(/Buy|evil|watches|xxx/)
    expect(JSON.stringify(mail)).not.toContain('evil.example')
  })

  test('keeps what only looks like a link', () => {
    const title = 'Fejl i version 2.3 af faktura.pdf hos A.P. Møller'
    expect(compose(makeNotice('case-received', { title }), composing).subject).toBe(`[#12] ${title}`)
  })
})

describe('what machines read', () => {
  const headers = (kind: (typeof NOTICE_KINDS)[number]) =>
    Object.fromEntries(compose(makeNotice(kind), composing).headers.map(({ name, value }) => [name, value]))

  test.each(NOTICE_KINDS)('%s asks not to be answered by a machine', (kind) => {
    const replied = ['case-received', 'mail-too-large', 'command-receipt'].includes(kind)
    expect(headers(kind)['Auto-Submitted']).toBe(replied ? 'auto-replied' : 'auto-generated')
    expect(headers(kind)['X-Auto-Response-Suppress']).toMatch(/OOF, AutoReply/)
    expect(headers(kind)['X-Auto-Response-Suppress']).not.toMatch(/\bNDR\b|All/)
    expect(headers(kind)['X-Posthorn-Row']).toBe('row0001')
  })

  test('nothing gets out of its header', () => {
    const evil = 'x\r\nBcc: victim@evil.test\r\n\r\nbody\0\u2028\u202etxt.exe'
    const notice = makeNotice('comment-added-agent', {
      title: evil,
      to: { name: evil },
      comment: { author: { name: evil, address: 'kim@customer.test' } },
    })
    const mail = compose(notice, { ...composing, brand: { ...brand, fromName: evil } })
    for (const value of [mail.subject, mail.from.name, mail.to.name, mail.replyTo?.name])
      expect(value).not.toMatch(/[\0-\x1f\u2028\u2029\u202e]/)
  })
})

describe('what was written', () => {
  test('stands whole and verbatim in the text', () => {
    const text = 'Linje 1\n\n  **to** {{case.number}} <b>tre</b> æøå 😀\n> citat'
    expect(compose(makeNotice('comment-added', { text }), composing).text).toContain(`\n${text}\n`)
  })

  test('is cut at 200,000 characters, which the mail says', () => {
    const mail = compose(makeNotice('comment-added', { text: 'æ'.repeat(300_000), language: 'en' }), composing)
    expect(mail.text.length).toBeLessThan(201_000)
    expect(mail.text).toContain('The text is very long')
    expect(
      compose(makeNotice('comment-added', { text: 'x'.repeat(199_999), language: 'en' }), composing).text,
    ).not.toContain('The text is very long')
  })

  test('loses control characters and gets line feeds', () => {
    const mail = compose(makeNotice('comment-added', { text: 'a\0b\x1b[31m\r\nc\rd\te' }), composing)
    expect(mail.text).toContain('ab[31m\nc\nd\te')
  })
})

describe('attachments', () => {
  test('come along as far as they fit, and the rest is named with its size', () => {
    const attachments = [attachment('a.txt', 600), attachment('stor.zip', 3_145_728), attachment('b.txt', 400)]
    const mail = compose(makeNotice('comment-added', { comment: { attachments } }), composing)
    expect(mail.attachments.map((it) => it.filename)).toEqual(['a.txt', 'b.txt'])
    expect(mail.text).toContain('for store til at komme med i mailen')
    expect(mail.text).toContain('- stor.zip (3 MB)')
    expect(mail.text).not.toContain('a.txt')
  })

  test('none missing, no sentence', () => {
    const mail = compose(makeNotice('comment-added', { comment: { attachments: [attachment('a.txt', 1)] } }), composing)
    expect(mail.text).not.toContain('for store')
  })
})

test('an internal comment is never composed for a customer', () => {
  const internal = { comment: { visibility: 'internal' } }
  expect(() => compose(makeNotice('comment-added', internal), composing)).toThrow(/internal comment/)
  expect(() => compose(makeNotice('solution-proposed', internal), composing)).toThrow(/internal comment/)
  expect(compose(makeNotice('comment-added-agent', internal), composing).text).toContain('internt notat')
})

test('the same notice gives the same mail', () => {
  expect(compose(makeNotice('comment-added'), composing)).toEqual(compose(makeNotice('comment-added'), composing))
})

describe('the page of the case', () => {
  const url = 'https://support.acme.test/cases/12'

  test.each(['case-received', 'comment-added', 'solution-proposed', 'case-closed', 'case-reopened'] as const)(
    'is one click away from %s, where there is a portal',
    (kind) => {
      for (const part of partsOf(kind)) expect(part).toContain(url)
      for (const part of partsOf(kind, null)) expect(part).not.toContain('/cases/')
    },
  )

  test('is one click away from each case of a customer’s digest', () => {
    for (const part of partsOf('customer-digest')) expect(part).toContain('https://support.acme.test/cases/')
    for (const part of partsOf('customer-digest', null)) expect(part).not.toContain('/cases/')
  })

  test.each([...AGENT_KINDS] as NoticeKind[])(
    'is not in %s: agents have none of a case they take no part in',
    (kind) => {
      for (const part of partsOf(kind)) expect(part).not.toContain(url)
    },
  )

  function partsOf(kind: NoticeKind, portalUrl: string | null = composing.portalUrl): string[] {
    const { text, html } = compose(makeNotice(kind), { ...composing, portalUrl })
    return [text, html]
  }
})
