import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAX_NESTING } from '../../../src/message/html/nesting-parser.ts'
import { linesOfHtml } from '../../../src/message/html/to-lines.ts'
import { textOfHtml } from '../../../src/message/html/to-text.ts'

const MARK = { 'quote-start': 'Q', 'forward-start': 'F', 'signature-start': 'S', 'signature-end': 'E' }

/** '1Q text': the depth, the hint's letter, the text; blank lines left out. */
function shown(html: string): string[] {
  return linesOfHtml(html)
    .filter((line) => line.text !== '')
    .map((line) => `${line.depth}${line.hint === null ? '' : MARK[line.hint]} ${line.text}`)
}

const fixture = (name: string) => readFileSync(join('test/fixtures/html', `${name}.html`), 'utf8')
const texts = (html: string) => linesOfHtml(html).map((line) => line.text)

const MARKUP: Record<string, string[]> = {
  'gmail-reply-en': [
    '0 It works now, thank you.',
    '0Q On Tue, 3 Nov 2026 at 09:12, Support <support@example.org> wrote:',
    '1 Did it help?',
  ],
  'gmail-answers-between-da': [
    '0Q Den tirs. 3. nov. 2026 kl. 09.12 skrev Support <support@example.org>:',
    '1 Hvilken version?',
    '0 Version 4.2.',
    '1 Hvilken computer?',
    '0 En Mac.',
  ],
  'gmail-forward-de': [
    '0F ---------- Forwarded message ---------',
    '0 Von: Kim Berg <kim@example.com>',
    '0 Date: Di., 3. Nov. 2026 um 09:12 Uhr',
    '0 Subject: Drucker',
    '0 To: <support@example.org>',
    '0 Er druckt nicht.',
  ],
  'gmail-indent': ['0 The screen says', '0 Error 12 at 10:30', '0 and then it stops.'],
  'outlook-da-header-block': [
    '0 Hej',
    '0 Nu virker det.',
    '0Q Fra: Support <support@example.org>',
    '0 Sendt: 3. november 2026 09:12',
    '0 Til: Kim Berg <kim@example.com>',
    '0 Emne: Sag 12',
    '0 Hjalp det?',
  ],
  'outlook-2010-sv': ['0 Tack!', '0Q Från: Support', '0 Skickat: den 3 november 2026 09:12', '0 Hjälpte det?'],
  'outlook-mac': ['0 Takk.', '0Q Fra: Support', '0 Dato: tirsdag 3. november 2026'],
  'outlook-blue-line': ['0 Thanks.', '1Q From: Support', '1 Did it help?', '0 Answered below too.'],
  'outlook-author-draws-line': ['0 My own heading'],
  'outlook-web': [
    '0 It works.',
    '0S Kim Berg',
    '0 Berg A/S',
    '0Q From: Support',
    '0 Sent: 3 November 2026',
    '0 Did it help?',
  ],
  'outlook-mobile': [
    '0 Fine by me.',
    '0S Get Outlook for iOS <https://aka.ms/o0ukef>',
    '0Q From: Support',
    '0 Did it help?',
  ],
  'apple-mail': [
    '0 Tack, det fungerar.',
    '0S Skickat från min iPhone',
    '1 3 nov. 2026 kl. 09:12 skrev Support <support@example.org>:',
    '1 Hjälpte det?',
  ],
  thunderbird: [
    '0 Works.',
    '0Q On 03/11/2026 09:12, Support wrote:',
    '1 Did it',
    '1   help?',
    '0 More below.',
    '0S -- ',
    '0 Kim',
  ],
  'thunderbird-forward': [
    '0 See below.',
    '0F -------- Forwarded Message --------',
    '0 Subject: \tPrinter',
    '0 From: \tKim Berg <kim@example.com>',
    '0 It does not print.',
  ],
  yahoo: ['0 Thanks!', '1Q On Tuesday, November 3, 2026, Support <support@example.org> wrote:', '1 Did it help?'],
  proton: [
    '0 Danke, es geht.',
    '0S Kim',
    '0Q Am Dienstag, 3. November 2026 um 09:12, Support schrieb:',
    '1 Hat es geholfen?',
  ],
  roundcube: ['0 Kiitos!', '0Q Support kirjoitti 3.11.2026 09:12:', '1Q Auttoiko se?'],
  zimbra: ['0 Merci.', '0S Kim', '0Q De: "Support"', '0Q Bonjour'],
  gmx: ['0 Danke.', '1Q Gesendet: Dienstag', '1 Von: Support', '1 Hat es geholfen?'],
  'hotmail-stopspelling': ['0 Thanks', '0Q From: support@example.org', '0 Subject: Case 12', '0 Did it help?'],
  evolution: ['0 Fint.', '0Q On Tue, 2026-11-03 at 09:12, Support wrote:', '1 Did it help?', '0S -- ', '0 Kim'],
  spark: ['0 Sure.', '0S Kim', '0Q On 3 Nov 2026, 09:12 +0100, Support wrote:', '1 Did it help?'],
  'bare-blockquote-introduced': ['0 Yes.', '0 Den 3. nov. 2026 kl. 09.12 skrev Kim:', '1 Hjalp det?'],
  'bare-blockquote-cited': ['0 The manual says:', '0 Hold the button down.', '0 I did.'],
  'hidden-preheader': ['0 Shown', '0 End [Berg A/S]'],
}

describe('what client markup says', () => {
  for (const [name, lines] of Object.entries(MARKUP)) {
    it(`is read from ${name}.html`, () => expect(shown(fixture(name))).toEqual(lines))
  }

  it('is seen under the prefixes of webmails', () => {
    expect(shown('a<div class="x_gmail_quote">b</div>')).toEqual(['0 a', '0Q b'])
    expect(shown('a<div id="x_x_divRplyFwdMsg">b</div>')).toEqual(['0 a', '0Q b'])
    expect(shown('a<div class="ecxyahoo_quoted">b</div>')).toEqual(['0 a', '1Q b'])
  })

  it('says where a signature ends', () => {
    expect(shown('a<div class="gmail_signature">Kim</div><p>PS: b</p>')).toEqual(['0 a', '0S Kim', '0E PS: b'])
    expect(shown('a<div id="Signature">Kim</div><blockquote type=cite>b</blockquote>')).toEqual([
      '0 a',
      '0S Kim',
      '1 b',
    ])
    expect(shown('a<div id="Signature">Kim</div><div id="divRplyFwdMsg">b</div>')).toEqual(['0 a', '0S Kim', '0Q b'])
  })

  it('is nothing where the element is empty', () => {
    expect(shown('a<div class="gmail_signature"></div><p>b</p>')).toEqual(['0 a', '0 b'])
  })

  it('counts the > signs of plain text turned into HTML', () => {
    expect(shown('<pre>a\n&gt; b\n&gt;&gt; c</pre>')).toEqual(['0 a', '1 b', '2 c'])
  })
})

describe('readable text', () => {
  it('has lines and blank lines where a browser shows them', () => {
    expect(texts('<p>a<br>b</p><p>c</p><div>d</div><div><br></div><div>e<br></div>f<br><br>g')).toEqual([
      'a',
      'b',
      '',
      'c',
      '',
      'd',
      '',
      'e',
      'f',
      '',
      'g',
    ])
  })

  it('collapses white space, and keeps it in pre', () => {
    expect(texts('<p> a \n  <b> b</b>&nbsp;c</p><pre>x\n  y</pre>')).toEqual(['a b c', '', 'x', '  y'])
  })

  it('numbers lists and indents those within', () => {
    expect(texts('<ul><li>a<li><p>b</p></ul><ol start=3><li>c<ul><li>d</ul><li>e</ol>')).toEqual([
      '- a',
      '',
      '- b',
      '',
      '3. c',
      '  - d',
      '4. e',
    ])
  })

  it('knows the list items of Word', () => {
    const item = (mark: string) =>
      `<p class=MsoListParagraph><![if !supportLists]><span style="mso-list:Ignore">${mark}<span>&nbsp;&nbsp; </span></span><![endif]>x</p>`
    expect(texts(item('·') + item('2.'))).toEqual(['- x', '2. x'])
  })

  it('parts the cells of a row by tabs, and puts cells of many lines below each other', () => {
    expect(texts(fixture('table-data'))).toEqual([
      'My orders:',
      '',
      'No\tItem\tState',
      '1\tPrinter',
      '2\tInk',
      'black',
      'sent',
      '',
      'Regards',
    ])
  })

  it('shows where links go unless their words say it', () => {
    expect(texts('<a href="https://example.com/">example.com</a> <a href="https://example.com/a">here </a>.')).toEqual([
      'example.com here <https://example.com/a>.',
    ])
    expect(texts('<a href="mailto:kim@example.com">Kim</a> <a href="javascript:x()">no</a>')).toEqual([
      'Kim <kim@example.com> no',
    ])
    const safe = 'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fa&data=x'
    expect(texts(`<a href="${safe}">the page</a>`)).toEqual(['the page <https://example.com/a>'])
  })

  it('shows what images say, and emoji as themselves', () => {
    expect(texts('<img alt="Our logo" src="x"> <img alt="😀" src="y"> <img alt="image001.png" src="z">')).toEqual([
      '[Our logo] 😀',
    ])
  })

  it('keeps addresses in brackets that nobody escaped', () => {
    expect(texts('From: Kim <Kim@Example.com><br>Hi')).toEqual(['From: Kim <Kim@Example.com>', 'Hi'])
  })

  for (const style of [
    'display:none',
    'max-height:0px',
    'opacity: 0',
    'height:0;overflow:hidden',
    'visibility:hidden',
    'font-size:0',
    'font-size:1px',
    'DISPLAY : NONE !important',
  ]) {
    it(`leaves out what ${style} hides`, () => {
      expect(texts(`<div style="${style}">unseen</div>seen`)).toEqual(['seen'])
    })
  }

  it('keeps what only Outlook hides, and is never empty because all of it is hidden', () => {
    expect(texts('<div style="mso-hide:all">Button</div>')).toEqual(['Button'])
    expect(texts('<div style="display:none">Only this</div>')).toEqual(['Only this'])
  })

  it('leaves out scripts, styles, titles and comments', () => {
    const html =
      '<title>t</title><style>s</style><script>c()</script><!--[if mso]><p>o</p><![endif]--><![if !mso]>a<![endif]>'
    expect(texts(html)).toEqual(['a'])
  })

  it('puts > before quoted lines when written as text', () => {
    expect(textOfHtml('a<blockquote type="cite">b</blockquote>')).toBe('a\n\n> b')
  })
})

describe('the time it takes', () => {
  const HOSTILE: Record<string, string> = {
    'quotes 10,000 deep': `${'<blockquote type=cite>'.repeat(10_000)}x${'</blockquote>'.repeat(10_000)}`,
    'closing tags that nothing opened': `${'<b>'.repeat(150_000)}x${'</i>'.repeat(120_000)}`,
    'a line of entities': '&amp;'.repeat(200_000),
    'a line of links': 'x <a href=https://example.com/>y</a>'.repeat(28_000),
    'tables in tables': `${'<table><tr><td>'.repeat(60_000)}x`,
    'a megabyte of > signs': '&gt; '.repeat(200_000),
    'a style of many declarations': `<div style="${'a:b;'.repeat(250_000)}">x`,
    'a long line before bare blockquotes': 'z'.repeat(500_000) + '<blockquote></blockquote>'.repeat(20_000),
  }
  for (const [name, html] of Object.entries(HOSTILE)) {
    it(`is short for ${name}`, () => {
      const before = process.cpuUsage()
      expect(linesOfHtml(html).length).toBeGreaterThan(0)
      expect(process.cpuUsage(before).user).toBeLessThan(2_000_000)
    })
  }

  it('caps the depth of quotes', () => {
    const [line] = linesOfHtml(`${'<blockquote type=cite>'.repeat(MAX_NESTING * 2)}x`)
    expect(line).toEqual({ text: 'x', depth: MAX_NESTING, hint: null })
  })
})
