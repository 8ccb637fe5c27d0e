import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { NOTICE_KINDS } from '../../src/model/notice.ts'
import { REPLY_MARKERS } from '../../src/model/reply-marker.ts'
import { EXAMPLES } from '../../src/render/examples.ts'
import { loadTemplates } from '../../src/render/load.ts'
import { renderNotice } from '../../src/render/render.ts'

const FOLDER = join(import.meta.dirname, '../../templates')
const templates = loadTemplates([FOLDER])
const cases = NOTICE_KINDS.flatMap((kind) => LANGUAGES.map((language) => [kind, language] as const))

/** A folder that overrides single files. */
function override(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-templates-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

describe('every kind in every language', () => {
  test.each(cases)('%s in %s is complete and fills every hole', (kind, language) => {
    const mail = renderNotice(templates, EXAMPLES[kind], language)
    expect(mail.subject).not.toMatch(/[{}\n]/)
    expect(mail.text).not.toMatch(/\{\{|\}\}|zHOLE|undefined|\[object/)
    expect(mail.html).not.toMatch(/\{\{|\}\}|zHOLE|undefined|\[object/)
    expect(mail.html).toContain(`<html lang="${language}" dir="ltr"`)
    expect(mail.html).toMatch(/<title>[^<]{5,}<\/title>/)
    expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000)
    expect(mail.text).not.toMatch(/\n{4,}|\*\*/)
  })

  test.each(cases)('%s in %s begins with the reply marker when it can be answered', (kind, language) => {
    const { text, html } = renderNotice(templates, EXAMPLES[kind], language)
    const marker = REPLY_MARKERS[language]
    expect(text.startsWith(`${marker}\n\n`)).toBe(EXAMPLES[kind].answerable)
    expect(html.includes(marker)).toBe(EXAMPLES[kind].answerable)
  })

  test.each(NOTICE_KINDS)('%s has the same holes in all languages', (kind) => {
    const holes = LANGUAGES.map((language) => {
      const source = readFileSync(join(FOLDER, 'mail', kind, `${language}.md`), 'utf8')
      const found = new Set(source.match(/\{\{[^}]*\}\}/g))
      found.delete('{{brand.name}}')
      return [...found].sort()
    })
    for (const other of holes) expect(other).toEqual(holes[0])
  })

  test('there is no text for a kind that does not exist', () => {
    const folders = readdirSync(join(FOLDER, 'mail'), { withFileTypes: true })
    const kinds = folders.filter((it) => it.isDirectory() && it.name !== 'parts').map((it) => it.name)
    expect(kinds.sort()).toEqual([...NOTICE_KINDS].sort())
  })

  test('the strings have the same keys in all languages', () => {
    const keys = LANGUAGES.map((it) =>
      Object.keys(JSON.parse(readFileSync(join(FOLDER, 'strings', `${it}.json`), 'utf8'))),
    )
    for (const other of keys) expect(other).toEqual(keys[0])
  })
})

describe('what somebody wrote', () => {
  const nasty =
    '**bold** [x](http://evil.example) {{case.number}} {{{x}}}\n<script>alert(1)</script> "&amp;" #solved\n\n    four'

  test('stands verbatim in the text and is neither Markdown nor Handlebars nor HTML', () => {
    const example = EXAMPLES['comment-added']
    const view = { ...example, comment: { ...example.comment, text: nasty } }
    const { text, html } = renderNotice(templates, view, 'en')
    expect(text).toContain(nasty)
    expect(html).toContain('**bold** [x](http://evil.example) {{case.number}} {{{x}}}')
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;amp;&quot;')
    expect(html).not.toContain('<script')
    expect(html).not.toContain('href="http://evil.example')
  })

  test('in a name, a title or a file name breaks out of nothing', () => {
    const example = EXAMPLES['case-opened']
    const bad = '"><img src=x onerror=y>{{#if}}*_`'
    const view = {
      ...example,
      case: { ...example.case, title: bad, subject: bad },
      comment: { ...example.comment, author: bad, start: bad, missing: [{ filename: bad, size: 1 }] },
    }
    const { subject, text, html } = renderNotice(templates, view, 'sv')
    expect(subject).toBe(`[#1042] ${bad}`)
    expect(text.split(bad).length).toBe(4)
    expect(html).not.toContain('<img src=x')
  })
})

describe('a folder of one’s own', () => {
  test('takes the place of single files', () => {
    const folder = override({
      'mail/case-received/en.md': 'subject: Got it: {{case.number}}\npreheader: p\nreason: r\n\nThanks.\n',
    })
    const mail = renderNotice(loadTemplates([FOLDER, folder]), EXAMPLES['case-received'], 'en')
    expect(mail.subject).toBe('Got it: 1042')
    expect(renderNotice(loadTemplates([FOLDER, folder]), EXAMPLES['case-received'], 'da').subject).toMatch(/^\[#1042\]/)
  })

  const front = 'subject: s\npreheader: p\nreason: r\n\n'
  test.each([
    ['a hole that nothing fills', `${front}{{case.colour}}`, /en\.md, line \d+: nothing fills \{\{case\.colour\}\}/],
    ['a hole of another kind', `${front}{{comment.text}}`, /nothing fills \{\{comment\.text\}\}/],
    ['a hole inside a condition', `${front}{{#if case.url}}\n\n{{nobody}}\n\n{{/if}}`, /nothing fills \{\{nobody\}\}/],
    ['an unknown helper', `${front}{{shout case.title}}`, /\{\{shout …\}\} is not one of/],
    ['unescaped values', `${front}{{{case.title}}}`, /three braces/],
    ['an unknown string', `${front}{{word "no.such"}}`, /no string 'no\.such'/],
    ['an unknown button', `${front}{{button "no.such" case.url}}`, /no string 'no\.such'/],
    ['an unknown count', `${front}{{count "no.such" case.number}}`, /no string 'no\.such\.one'/],
    ['a list of what is none', `${front}{{cases case}}`, /takes a section of a digest/],
    ['a missing front line', 'subject: s\nreason: r\n\nText', /'preheader: …' is missing/],
    ['an empty body', front, /no text below the front lines/],
    ['a condition that does not end', `${front}{{#if case.url}}\n\nx`, /en\.md/],
  ])('with %s is refused at start-up', (_, content, problem) => {
    const folder = override({ 'mail/case-received/en.md': content })
    expect(() => loadTemplates([FOLDER, folder])).toThrow(problem)
  })
})

test('a mail is rendered in less than 0.15 ms of CPU', () => {
  const view = EXAMPLES['comment-added']
  for (let i = 0; i < 200; i++) renderNotice(templates, view, 'da')
  const before = process.cpuUsage()
  for (let i = 0; i < 1_000; i++) renderNotice(templates, view, 'da')
  const used = process.cpuUsage(before)
  expect((used.user + used.system) / 1_000).toBeLessThan(150)
})
