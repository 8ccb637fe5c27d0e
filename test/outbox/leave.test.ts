import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { compose } from '../../src/outbox/compose.ts'
import { composing, makeNotice } from '../support/notices.ts'

const mailto = 'mailto:support+l12.abcdefghijklmnop@acme.test?subject=leave'
const leave = { mailto, key: 'l12.abcdefghijklmnop' }
const url = 'https://support.acme.test/leave/l12.abcdefghijklmnop'
const byMail = { ...composing, portalUrl: null }

describe.each(LANGUAGES)('a mail in %s', (language) => {
  it.each(['comment-added', 'solution-proposed'] as const)('of %s tells a participant how to leave', (kind) => {
    const mail = compose(makeNotice(kind, { language, thread: { leave } }), composing)
    expect(mail.headers).toContainEqual({ name: 'List-Unsubscribe', value: `<${url}>, <${mailto}>` })
    expect(mail.headers).toContainEqual({ name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' })
    expect(mail.text).toContain(`: ${url}\n`)
    expect(mail.html).toContain(`href="${url}"`)
    expect(mail.text + mail.html).not.toContain('mailto:')
  })

  it.each(['comment-added', 'solution-proposed'] as const)(
    'of %s has the way by mail where there are no pages',
    (kind) => {
      const mail = compose(makeNotice(kind, { language, thread: { leave } }), byMail)
      expect(mail.headers).toContainEqual({ name: 'List-Unsubscribe', value: `<${mailto}>` })
      expect(mail.headers.map((header) => header.name)).not.toContain('List-Unsubscribe-Post')
      expect(mail.text).toContain(`: ${mailto}\n`)
      expect(mail.html).toContain(`href="${mailto.replace('=', '&#x3D;')}"`)
    },
  )

  it.each(['comment-added', 'solution-proposed', 'case-received'] as const)(
    'of %s says nothing of it to the contact',
    (kind) => {
      const mail = compose(makeNotice(kind, { language }), composing)
      expect(mail.headers.map((header) => header.name)).not.toContain('List-Unsubscribe')
      expect(mail.text + mail.html).not.toMatch(/mailto:support|\/leave\//)
    },
  )
})

it('promises one click over https alone, which RFC 8058 asks for', () => {
  const notice = makeNotice('comment-added', { thread: { leave } })
  const names = (portalUrl: string) => compose(notice, { ...composing, portalUrl }).headers.map((header) => header.name)
  expect(names('https://acme.test/support/')).toContain('List-Unsubscribe-Post')
  expect(names('http://localhost:8080')).not.toContain('List-Unsubscribe-Post')
})

it('a receipt bears the title only for a sender who is proven', () => {
  const proven = makeNotice('case-received', { title: 'Køb nu' })
  expect(compose(proven, composing).subject).toBe('[#12] Køb nu')
  const unproven = compose({ ...proven, titled: false }, composing)
  expect(unproven.subject).toBe('[#12] Acme Support')
  expect(unproven.text + unproven.html).not.toContain('Køb nu')
})
