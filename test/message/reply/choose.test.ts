import { describe, expect, it } from 'vitest'
import { extractReply } from '../../../src/message/reply/extract.ts'
import { parsedOf } from './mail.ts'

const QUOTED_HTML =
  '<div>Det virker nu.</div><div class="gmail_quote"><div class="gmail_attr">Den 4. maj 2026 skrev Support:<br></div>' +
  '<blockquote class="gmail_quote">Har I genstartet maskinen?</blockquote></div>'

describe('of a plain text and an HTML part', () => {
  it('the plain text is read where it shows its quote', () => {
    const plain =
      'Det virker nu, siger jeg.\n\nDen 4. maj 2026 kl. 09.12 skrev Support <s@desk.example>:\n> Har I prøvet?\n'
    expect(extractReply(parsedOf({ plain, html: QUOTED_HTML })).reply).toBe('Det virker nu, siger jeg.')
  })

  it('the HTML is read where the plain text does not show the quote that the markup names', () => {
    const plain = 'Det virker nu.\n\nDen 4. maj skrev Support:\nHar I genstartet maskinen?\n'
    const parts = extractReply(parsedOf({ plain, html: QUOTED_HTML }))
    expect(parts.reply).toBe('Det virker nu.')
    expect(parts.quoted).toContain('Har I genstartet maskinen?')
  })

  it('the HTML is read where the plain text is a stub', () => {
    const html = `<p>${'The printer on the second floor is broken again. '.repeat(5)}</p>`
    const parts = extractReply(parsedOf({ plain: 'Your mail client does not show HTML.', html }))
    expect(parts.reply).toContain('The printer on the second floor')
  })

  it('the HTML is read where the plain text is empty', () => {
    expect(extractReply(parsedOf({ plain: '\n \n', html: '<p>Hello</p>' })).reply).toBe('Hello')
  })
})
