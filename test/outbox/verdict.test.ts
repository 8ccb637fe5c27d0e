import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { compose } from '../../src/outbox/compose.ts'
import { composing, makeNotice } from '../support/notices.ts'

const ways = { yes: 'y12.abcdefghijklmnop', no: 'n12.abcdefghijklmnop' }
const verdict = { ...ways, yesAddress: 'support+y12.abcdefghijklmnop@acme.test' }
const replyAddress = 'support+c12.5k2.c.abcdefghijklmnop@acme.test'
const byMail = { ...composing, portalUrl: null }

describe.each(LANGUAGES)('a solution in %s', (language) => {
  const notice = { ...makeNotice('solution-proposed', { language, thread: { replyAddress } }), verdict }

  it('has two pages on which its reader says whether it helped', () => {
    const { text, html } = compose(notice, composing)
    for (const key of [ways.yes, ways.no]) {
      expect(text).toContain(`https://support.acme.test/solution/${key}`)
      expect(html).toContain(`href="https://support.acme.test/solution/${key}"`)
    }
  })

  it('has two mails where there are no pages: one that says yes, and the beginning of an answer', () => {
    const { text } = compose(notice, byMail)
    const links = [...text.matchAll(/mailto:\S+/g)].map(([link]) => new URL(link))
    expect(links.map((link) => decodeURIComponent(link.pathname))).toEqual([verdict.yesAddress, replyAddress])
    for (const link of links) expect(link.searchParams.get('subject')).toMatch(/^Re: \[#12\] /)
  })

  it('asks for an answer alone where neither would arrive', () => {
    const { text, html } = compose({ ...notice, verdict: { ...verdict, yesAddress: null } }, byMail)
    expect(text + html).not.toMatch(/mailto:support|y12\./)
  })
})
