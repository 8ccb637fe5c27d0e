import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { extractReply } from '../../../src/message/reply/extract.ts'
import { parsedOf } from './mail.ts'

const read = (html: string) => extractReply(parsedOf({ html }))
const fixture = (name: string) => readFileSync(join('test/fixtures/html', `${name}.html`), 'utf8')

/** The author's words in each client's HTML. */
const REPLIES: Record<string, string> = {
  'apple-mail': 'Tack, det fungerar.',
  'bare-blockquote-cited': 'The manual says:\n\nHold the button down.\n\nI did.',
  'bare-blockquote-introduced': 'Yes.',
  evolution: 'Fint.',
  'gmail-answers-between-da': '> Hvilken version?\n\nVersion 4.2.\n\n> Hvilken computer?\n\nEn Mac.',
  'gmail-indent': 'The screen says\n\nError 12 at 10:30\n\nand then it stops.',
  'gmail-reply-en': 'It works now, thank you.',
  gmx: 'Danke.',
  'hotmail-stopspelling': 'Thanks',
  'outlook-2010-sv': 'Tack!',
  'outlook-author-draws-line': 'My own heading',
  'outlook-blue-line': 'Thanks.\nAnswered below too.',
  'outlook-da-header-block': 'Hej\n\nNu virker det.',
  'outlook-mac': 'Takk.',
  'outlook-mobile': 'Fine by me.',
  'outlook-web': 'It works.',
  proton: 'Danke, es geht.',
  roundcube: 'Kiitos!',
  spark: 'Sure.',
  thunderbird: 'Works.\n\nMore below.',
  yahoo: 'Thanks!',
  zimbra: 'Merci.',
}

describe('the author’s own words out of HTML alone', () => {
  for (const [name, reply] of Object.entries(REPLIES)) {
    it(`are found in ${name}.html`, () => expect(read(fixture(name)).reply).toBe(reply))
  }

  it('keep what is written below a signature', () => {
    const parts = read('<p>Hello</p><div class="gmail_signature">Kim<br>Berg A/S</div><p>PS: one more thing.</p>')
    expect(parts.reply).toBe('Hello\n\nPS: one more thing.')
    expect(parts.signature).toBe('Kim\nBerg A/S')
  })
})
