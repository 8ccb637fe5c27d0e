import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compose } from '../../src/outbox/compose.ts'
import { EXAMPLES } from '../../src/render/examples.ts'
import { loadTemplates } from '../../src/render/load.ts'
import { renderNotice } from '../../src/render/render.ts'
import { composing, makeNotice } from '../support/notices.ts'
import { BUILT_IN, ownTemplates } from '../support/templates.ts'

const front = 'subject: Own {{case.number}}\npreheader: p\nreason: r\n\n'
const load = (files: Record<string, string>) => loadTemplates([BUILT_IN, ownTemplates(files)])
/** Right as far as anybody can see at start: the example of this kind has files that did not come along. */
const THROWS = `${front}Hello.\n\n{{files comment.missing}}\n`

describe('an own template that cannot be filled in', () => {
  const templates = load({ 'mail/comment-added/da.md': THROWS, 'mail/case-closed/da.md': `${front}Lukket.\n` })

  test('stops no mail: the built-in one is sent, and the failure is told with row, kind and file', () => {
    const problems: object[] = []
    const notice = makeNotice('comment-added', { text: 'Prøv igen.' })
    const mail = compose(notice, { ...composing, templates, report: (problem) => problems.push(problem) })
    expect(mail).toEqual(compose(notice, composing))
    expect(problems).toEqual([
      {
        row: 'row0001',
        kind: 'comment-added',
        language: 'da',
        files: [expect.stringMatching(/^\/.*\/mail\/comment-added\/da\.md$/)],
        error: expect.any(TypeError),
      },
    ])
  })

  test('is used where it can be, and so are the others', () => {
    const text = compose(makeNotice('case-closed'), { ...composing, templates }).text
    expect(text).toContain('Lukket.')
    const file = { filename: 'a.pdf', contentType: 'application/pdf', size: 2_000, sha256: 'a' }
    const notice = makeNotice('comment-added', { comment: { attachments: [file] } })
    const mail = compose(notice, { ...composing, templates, report: () => expect.unreachable() })
    expect(mail.subject).toBe('Own 12')
    expect(mail.text).toContain('- a.pdf (2 kB)')
  })

  test('is a bug where it is a built-in one, and throws', () => {
    const notice = makeNotice('comment-added', { comment: { author: { name: 'Anna', address: 'a@b.test' } } })
    const broken = new Map(composing.templates.mail)
    const template = broken.get('comment-added/da')
    if (!template) throw new Error('there is no template')
    broken.set('comment-added/da', {
      ...template,
      text: () => {
        throw new Error('broken')
      },
    })
    expect(() => compose(notice, { ...composing, templates: { mail: broken } })).toThrow('broken')
  })
})

describe('a mistake at start is told with file and line', () => {
  const layout = readFileSync(join(BUILT_IN, 'mail/layout.hbs'), 'utf8')

  test.each([
    [
      'in a text',
      { 'mail/case-closed/en.md': `${front}One.\n\n{{nobody}}\n` },
      /^\/\S+\/case-closed\/en\.md, line 7: /m,
    ],
    [
      'in the front lines',
      { 'mail/case-closed/en.md': 'subject: {{no}}\npreheader: p\nreason: r\n\nx' },
      /\/en\.md, line 1: /,
    ],
    [
      'in a part',
      { 'mail/parts/held.md': '{{#if comment.held}}\n\n{{comment.hold}}\n\n{{/if}}' },
      /\/parts\/held\.md, line 3: /,
    ],
    ['in the layout', { 'mail/layout.hbs': layout.replace('{{subject}}', '{{title}}') }, /\/layout\.hbs, line 10: /],
    [
      'a layout without a body',
      { 'mail/layout.txt.hbs': '{{reason}}' },
      /\/layout\.txt\.hbs: there is no \{\{\{body\}\}\}/,
    ],
    ['strings that are no JSON', { 'strings/sv.json': '{"button.case": }' }, /\/strings\/sv\.json: this is no JSON/],
    ['strings that are none', { 'strings/sv.json': '{"button.case": ""}' }, /sv\.json: 'button\.case' must be a text/],
    ['a string in one language alone', { 'strings/sv.json': '{"button.own": "Hej"}' }, /da\.json lacks 'button\.own'/],
  ])('%s', (_, files, problem) => {
    expect(() => load(files)).toThrow(problem)
  })

  test('a folder that does not exist', () => {
    expect(() => loadTemplates([BUILT_IN, '/nowhere/templates'])).toThrow('/nowhere/templates: there is no such folder')
  })
})

test('strings of one’s own take the place of single ones', () => {
  const templates = load({ 'strings/en.json': '{"footer.help": "Call {{brand.supportContact}}!"}' })
  const { text } = renderNotice(templates, EXAMPLES['case-opened'], 'en')
  expect(text).toContain('Call +45 70 12 34 56!')
  expect(text).toContain('Commands in the first lines')
})
