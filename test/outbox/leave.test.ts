import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { compose } from '../../src/outbox/compose.ts'
import { composing, makeNotice } from '../support/notices.ts'

const leave = 'mailto:support+l12.abcdefghijklmnop@acme.test?subject=leave'

describe.each(LANGUAGES)('a mail in %s', (language) => {
  it.each(['comment-added', 'solution-proposed'] as const)('of %s tells a participant how to leave', (kind) => {
    const mail = compose(makeNotice(kind, { language, thread: { leave } }), composing)
    expect(mail.headers).toContainEqual({ name: 'List-Unsubscribe', value: `<${leave}>` })
    expect(mail.text).toContain(`: ${leave}\n`)
    expect(mail.html).toContain(`href="${leave.replace('=', '&#x3D;')}"`)
  })

  it.each(['comment-added', 'solution-proposed', 'case-received'] as const)(
    'of %s says nothing of it to the contact',
    (kind) => {
      const mail = compose(makeNotice(kind, { language }), composing)
      expect(mail.headers.map((header) => header.name)).not.toContain('List-Unsubscribe')
      expect(mail.text + mail.html).not.toContain('mailto:support')
    },
  )
})

it('a receipt bears the title only for a sender who is proven', () => {
  const proven = makeNotice('case-received', { title: 'Køb nu' })
  expect(compose(proven, composing).subject).toBe('[#12] Køb nu')
  const unproven = compose({ ...proven, titled: false }, composing)
  expect(unproven.subject).toBe('[#12] Acme Support')
  expect(unproven.text + unproven.html).not.toContain('Køb nu')
})
