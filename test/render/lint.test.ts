import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { EXAMPLES } from '../../src/render/examples.ts'
import { lintFolder } from '../../src/render/lint.ts'
import { KINDS, loadTemplates } from '../../src/render/load.ts'
import { renderNotice } from '../../src/render/render.ts'
import { sparseView } from '../../src/render/sparse.ts'
import { BUILT_IN, ownTemplates } from '../support/templates.ts'

const front = 'subject: s\npreheader: p\nreason: r\n\n'
const FILE = 'mail/case-closed/en.md'
const lint = (files: Record<string, string>) => lintFolder(BUILT_IN, ownTemplates(files))
const shown = (files: Record<string, string>) =>
  lint(files).map(({ level, file, line, what, todo }) => `${level} ${file}, ${line}: ${what}; ${todo}`)
const layout = readFileSync(join(BUILT_IN, 'mail/layout.hbs'), 'utf8')
/** A line of its own at the end of the layout, which is line `END`. */
const END = layout.split('\n').length
const layoutWith = (line: string) => ({ 'mail/layout.hbs': `${layout}${line}\n` })

test('the built-in templates themselves, as somebody’s own, have no findings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-templates-'))
  cpSync(BUILT_IN, folder, { recursive: true, filter: (path) => !path.endsWith('.png') })
  expect(lintFolder(BUILT_IN, folder)).toEqual([])
})

test('an empty folder has none either, nor does what begins with a dot', () => {
  expect(lint({ '.git/config': 'x', '.DS_Store': 'x' })).toEqual([])
})

describe('an error', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a hole that is misspelt',
      { [FILE]: `${front}Case {{case.nummber}}.` },
      /en\.md, 5: nothing fills \{\{case\.nummber\}\} .*; did you mean \{\{case\.number\}\}\?/,
    ],
    [
      'a hole of another kind',
      { [FILE]: `${front}x\n\n{{comment.text}}` },
      /en\.md, 7: nothing fills \{\{comment\.text\}\} .*; these are there: case\.number, /,
    ],
    ['an unknown helper', { [FILE]: `${front}{{shout case.title}}` }, /, 5: \{\{shout …\}\} is not one of/],
    ['three braces', { [FILE]: `${front}{{{case.title}}}` }, /, 5: three braces/],
    ['a block that does not end', { [FILE]: `${front}{{#if case.url}}\n\nx\n` }, /, \d+: something is not closed/],
    [
      'a block that ends otherwise',
      { [FILE]: `${front}{{#if case.url}}\n\nx\n\n{{/each}}` },
      /, 5: Handlebars does not understand this: if doesn't match each/,
    ],
    ['an unknown string', { [FILE]: `${front}{{word "no.such"}}` }, /, 5: there is no string 'no\.such'; add it/],
    ['an unknown button', { [FILE]: `${front}{{button "no.such" case.url}}` }, /, 5: there is no string 'no\.such'/],
    [
      'an unknown part',
      { [FILE]: `${front}x\n\n{{> coment}}` },
      /, 7: there is no part \{\{> coment\}\}; write mail\/parts\/coment\.md/,
    ],
    ['no front line', { [FILE]: 'subject: s\nreason: r\n\nText' }, /, 1: the line 'preheader: …' is missing/],
    [
      'a front line that is none',
      { [FILE]: 'subject: s\npreheader: p\nraeson: r\n\nText' },
      /, 3: 'raeson: r' is none of the front lines/,
    ],
    ['no text', { [FILE]: front }, /, 1: there is no text below the front lines/],
    [
      'a link by http',
      { [FILE]: `${front}See [this](http://acme.test/x).` },
      /, 5: the link 'http:\/\/acme\.test\/x' is not encrypted; write https/,
    ],
    ['a link to nowhere', { [FILE]: `${front}See [this]().` }, /, 5: the link '' leads nowhere/],
    ['a link to a file', { [FILE]: `${front}See [this](help/page.html).` }, /leads nowhere from within a mail/],
    ['a link without a host', { [FILE]: `${front}See [this](https://help).` }, /is no address of a page/],
    ['a mail link without an address', { [FILE]: `${front}Write to [us](mailto:support).` }, /names no mail address/],
    [
      'what is not always there',
      { [FILE]: `${front}{{button "button.case" case.url}}` },
      /leads nowhere where its hole is empty; put \{\{#if x\}\}/,
    ],
    [
      'files that are not always there',
      { 'mail/comment-added/en.md': `${front}{{files comment.missing}}` },
      /cannot be filled in where a hole is empty/,
    ],
    ['more than Gmail shows', { [FILE]: `${front}${'A long word. '.repeat(8_000)}` }, /more than 100 kB of HTML/],
    ['a misspelt kind', { 'mail/case-close/en.md': `${front}x` }, /did you mean mail\/case-closed\/en\.md\?/],
    [
      'a misspelt language',
      { 'mail/case-closed/dk.md': `${front}x` },
      /no template is called so.*did you mean mail\/case-closed\//,
    ],
    [
      'a form',
      layoutWith('<form action="https://acme.test/">'),
      new RegExp(`layout\\.hbs, ${END}: mail programs drop <form>`),
    ],
    ['a script', layoutWith('<script>x</script>'), /mail programs drop <script>/],
    [
      'a style sheet from elsewhere',
      layoutWith('<link rel="stylesheet" href="https://acme.test/x.css">'),
      /load no style sheet/,
    ],
    ['a handler', layoutWith('<p onclick="x()">'), /run no script/],
    ['a picture by http', layoutWith('<img src="http://acme.test/x.png" alt="">'), /is not encrypted/],
    [
      'a layout without a body',
      { 'mail/layout.hbs': layout.replace('{{{body}}}', '') },
      /there is no \{\{\{body\}\}\}/,
    ],
    [
      'a layout’s hole',
      { 'mail/layout.hbs': layout.replace('{{subject}}', '{{titel}}') },
      /layout\.hbs, 10: nothing fills \{\{titel\}\}/,
    ],
    [
      'a part’s hole',
      { 'mail/parts/comment.md': '{{said comment.txt}}' },
      /parts\/comment\.md, 1: nothing fills \{\{comment\.txt\}\} .*did you mean \{\{comment\.text\}\}/,
    ],
    [
      'strings that are no JSON',
      { 'strings/sv.json': '{\n  "button.case": "x",\n}' },
      /strings\/sv\.json, 3: it is no JSON/,
    ],
    [
      'an empty string',
      { 'strings/sv.json': '{\n  "button.case": " "\n}' },
      /strings\/sv\.json, 2: 'button\.case' must be a text/,
    ],
    [
      'a misspelt string',
      { 'strings/sv.json': '{ "buton.case": "x" }' },
      /, 1: there is no string 'buton\.case'; did you mean 'button\.case'/,
    ],
    [
      'a string’s hole',
      { 'strings/en.json': '{ "footer.help": "{{brand.phone}}" }' },
      /strings\/en\.json, 1: 'footer\.help': nothing fills \{\{brand\.phone\}\}/,
    ],
    [
      'a page’s hole',
      { 'pages/left.hbs': '<h1>{{nobody}}</h1>' },
      /pages\/left\.hbs, null: .*nothing fills \{\{nobody\}\}/,
    ],
  ])('is %s', (_, files, problem) => {
    const errors = shown(files).filter((it) => it.startsWith('error'))
    expect(errors).toEqual([expect.stringMatching(problem)])
  })

  test('is told with all the others of its file', () => {
    const errors = shown({ [FILE]: `${front}{{a}}\n\n{{b}}\n\n[x](http://y.test)` }).filter((it) =>
      it.startsWith('error'),
    )
    expect(errors.map((it) => /, (\d+): /.exec(it)?.[1])).toEqual(['5', '7', '9'])
  })

  test('is a file that is not UTF-8', () => {
    const folder = ownTemplates({ [FILE]: '' })
    writeFileSync(join(folder, FILE), Buffer.from(`${front}Sag l\xf8st.`, 'latin1'))
    expect(lintFolder(BUILT_IN, folder)).toContainEqual(
      expect.objectContaining({ level: 'error', what: 'it is not UTF-8' }),
    )
  })
})

describe('a warning', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['a language that is missing', { [FILE]: `${front}Closed.` }, /no own text in da, nb, sv/],
    ['a file that nothing uses', { 'notes.txt': 'x' }, /notes\.txt, null: no template is called so/],
    ['HTML in a text', { [FILE]: `${front}It is <b>closed</b>.` }, /, 5: '<b>' will be seen as it stands/],
    [
      'a layout without a marker',
      { 'mail/layout.hbs': layout.replace('{{marker}}', '') },
      /there is no \{\{marker\}\}/,
    ],
    [
      'a string of one language',
      { 'strings/en.json': '{ "button.case": "Look" }' },
      /is your own here, and the built-in one in da, nb, sv/,
    ],
    [
      'a string without its value',
      { 'strings/en.json': '{ "done.assigned": "Given away." }' },
      /'done\.assigned' lacks \{value\}/,
    ],
  ])('is %s', (_, files, problem) => {
    const found = shown(files)
    expect(found).toContainEqual(expect.stringMatching(problem))
    expect(found.filter((it) => it.startsWith('error'))).toEqual([])
  })
})

test('the built-in texts can be filled in where all that may be missing is', () => {
  const templates = loadTemplates([BUILT_IN])
  for (const kind of KINDS)
    for (const language of LANGUAGES) {
      const mail = renderNotice(templates, sparseView(EXAMPLES[kind]), language)
      expect([kind, mail.subject + mail.text]).not.toEqual([kind, expect.stringMatching(/\b(?:null|undefined)\b/)])
      expect([kind, mail.html]).not.toEqual([kind, expect.stringMatching(/(?:href|src)=""/)])
    }
})
