import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { LANGUAGES, type Language } from '../model/language.ts'
import { REPLY_MARKERS } from '../model/reply-marker.ts'
import { EXAMPLES } from './examples.ts'
import { readMailSource } from './front.ts'
import { htmlHelpers, textHelpers } from './helpers.ts'
import { checkHoles } from './holes.ts'
import { type Look, lookOf } from './look.ts'
import { renderBody } from './markdown.ts'
import type { MailKind, MailView } from './view.ts'
import { checkWords, fillWords, type Words } from './words.ts'

/** One kind of mail in one language, ready to be filled in. */
export interface MailTemplate {
  subject: (view: object) => string
  text: (view: object) => string
  html: (view: object) => string
}

/** All mail texts, checked and compiled. */
export interface Templates {
  mail: ReadonlyMap<string, MailTemplate>
}

const KINDS = Object.keys(EXAMPLES) as MailKind[]
/** Spaces that nobody sees, behind the preheader: mail programs would fill their preview with the mail's first words. */
const PREHEADER_GAP = '&#847;&zwnj;&nbsp;&#8199;&shy; '.repeat(50)
const PART = /\{\{> ([a-z-]+)\}\}/g

/**
 * Reads and checks every mail text. A file in a later folder takes the place of the same file in an earlier one.
 * Throws an Error with all problems, each with its file: a file or string that is missing, a hole that nothing fills.
 */
export function loadTemplates(folders: readonly string[]): Templates {
  const read = (path: string) => readTemplate(folders, path)
  const words = loadWords(folders)
  const mail = new Map<string, MailTemplate>()
  const problems: string[] = []
  for (const language of LANGUAGES) {
    const loader = { read, language, words: words[language], engines: makeEngines(language, words[language]) }
    for (const kind of KINDS) {
      try {
        mail.set(templateKey(kind, language), loadMail(loader, kind))
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error))
      }
    }
  }
  if (problems.length > 0) throw new Error(`mail templates: ${[...new Set(problems)].join('\n')}`)
  return { mail }
}

export function templateKey(kind: MailKind, language: Language): string {
  return `${kind}/${language}`
}

interface Loader {
  read: (path: string) => string
  language: Language
  words: Words
  engines: { text: typeof Handlebars; html: typeof Handlebars }
}

function loadMail(loader: Loader, kind: MailKind): MailTemplate {
  const { language, words, engines } = loader
  const file = `mail/${kind}/${language}.md`
  const fill = (source: string) => fillWords(file, source, words)
  const source = readMailSource(file, loader.read(file))
  const withParts = source.body.replace(PART, (_, name: string) => loader.read(`mail/parts/${name}.md`).trim())
  const body = renderBody(fill(withParts))
  const slots = {
    marker: REPLY_MARKERS[language],
    reason: fill(source.reason),
    preheader: fill(source.preheader),
    gap: PREHEADER_GAP,
    language,
  }
  const subject = fill(source.subject)
  const text = fillLayout(fill(loader.read('mail/layout.txt.hbs')), { ...slots, body: body.text })
  const html = fillLayout(fill(loader.read('mail/layout.hbs')), { ...slots, body: body.html })
  for (const part of [subject, text, html]) checkHoles(file, part, exampleOf(kind), words)
  return {
    subject: compile(engines.text, subject, true),
    text: compile(engines.text, text, true),
    html: compile(engines.html, html, false),
  }
}

/** What fills a kind's holes: its view, and what renderNotice lays beside it. */
export function exampleOf(kind: MailKind): MailView & { subject: string; look: Look } {
  const view = EXAMPLES[kind]
  return { ...view, subject: '', look: lookOf(view.brand.color) }
}

/** Puts the parts of one mail into the layout, at load; the rendered body brings its own empty line. */
function fillLayout(layout: string, slots: { body: string } & Record<string, string>): string {
  return layout
    .replace(/\{\{\{body\}\}\}\n*/, () => slots.body)
    .replace(/\{\{(marker|reason|preheader|gap|language)\}\}/g, (_, name: string) => slots[name] ?? '')
}

function compile(engine: typeof Handlebars, source: string, noEscape: boolean): (view: object) => string {
  return engine.compile(source, { noEscape, strict: true, knownHelpers: {}, preventIndent: true })
}

function makeEngines(language: Language, words: Words): Loader['engines'] {
  const text = Handlebars.create()
  text.registerHelper(textHelpers(language, words))
  const html = Handlebars.create()
  html.registerHelper(htmlHelpers(language, words))
  return { text, html }
}

/** The strings of all languages; throws as checkWords does. */
export function loadWords(folders: readonly string[]): Record<Language, Words> {
  const read = (language: Language): unknown => JSON.parse(readTemplate(folders, `strings/${language}.json`))
  return checkWords({ da: read('da'), nb: read('nb'), sv: read('sv'), en: read('en') })
}

/** The newest of a file in several folders: that of the last one that has it. */
export function readTemplate(folders: readonly string[], path: string): string {
  const folder = folders.findLast((it) => existsSync(join(it, path)))
  if (folder === undefined) throw new Error(`${path} is in none of the template folders (${folders.join(', ')})`)
  return readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n')
}
