import type { Language } from '../model/language.ts'
import { REPLY_MARKERS } from '../model/reply-marker.ts'
import { EXAMPLES } from './examples.ts'
import type { Found } from './folders.ts'
import { readMailSource } from './front.ts'
import { checkHoles } from './holes.ts'
import { type Look, lookOf } from './look.ts'
import { renderBody } from './markdown.ts'
import type { MailKind, MailView } from './view.ts'
import { fillWords, type Words } from './words.ts'

/** What mails of one language are put together with. */
export interface Assembling {
  find: (path: string) => Found
  language: Language
  words: Words
}

/** The files that one mail is made of. */
export interface Sources {
  mail: Found
  parts: Found[]
  text: Found
  html: Found
}

/** `{{> name}}`: a text that several kinds have in common, mail/parts/<name>.md. */
export const PART = /\{\{> ([a-z-]+)\}\}/g
/** Spaces that nobody sees, behind the preheader: mail programs would fill their preview with the mail's first words. */
const PREHEADER_GAP = '&#847;&zwnj;&nbsp;&#8199;&shy; '.repeat(50)

/** Finds them. Throws an Error where one is in no folder. */
export function findSources({ find, language }: Assembling, kind: MailKind): Sources {
  const mail = find(`mail/${kind}/${language}.md`)
  const parts = [...mail.content.matchAll(PART)].map((match) => find(`mail/parts/${match[1]}.md`))
  return { mail, parts, text: find('mail/layout.txt.hbs'), html: find('mail/layout.hbs') }
}

/** The three Handlebars sources of one mail. Throws an Error that names the file where something is missing. */
export function assemble(
  assembling: Assembling,
  { mail, text, html }: Sources,
): { subject: string; text: string; html: string } {
  const { find, language, words } = assembling
  const fill = (source: string) => fillWords(mail.file, source, words)
  const source = readMailSource(mail.file, mail.content)
  const withParts = source.body.replace(PART, (_, name: string) => find(`mail/parts/${name}.md`).content.trim())
  const body = renderBody(fill(withParts))
  const slots = {
    marker: REPLY_MARKERS[language],
    reason: fill(source.reason),
    preheader: fill(source.preheader),
    gap: PREHEADER_GAP,
    language,
  }
  return {
    subject: fill(source.subject),
    text: fillLayout({ ...text, content: fill(text.content) }, { ...slots, body: body.text }),
    html: fillLayout({ ...html, content: fill(html.content) }, { ...slots, body: body.html }),
  }
}

/** A mistake in the whole is looked for in its parts, one by one, so that the right file and line are named. Throws where it is found. */
export function blameFile({ words }: Assembling, { mail, parts, text, html }: Sources, kind: MailKind): void {
  for (const { file, content } of [mail, ...parts, text, html])
    checkHoles(file, lineForLine(fillWords(file, content, words)), exampleOf(kind), words)
}

/** A source by itself: what is filled in at load is taken away, and every line stays where it is. */
export function lineForLine(source: string): string {
  return source.replace(PART, '').replace(SLOTS, '').replace('{{{body}}}', '')
}

/** What fills a kind's holes: its view, and what renderNotice lays beside it. */
export function exampleOf(kind: MailKind): MailView & { subject: string; look: Look } {
  const view = EXAMPLES[kind]
  return { ...view, subject: '', look: lookOf(view.brand.color) }
}

const BODY = /\{\{\{body\}\}\}\n*/
const SLOTS = /\{\{(marker|reason|preheader|gap|language)\}\}/g

/** Puts the parts of one mail into the layout, at load; the rendered body brings its own empty line. */
function fillLayout({ file, content }: Found, slots: { body: string } & Record<string, string>): string {
  if (!BODY.test(content)) throw new Error(`${file}: there is no {{{body}}}, so every mail would be empty`)
  return content.replace(BODY, () => slots.body).replace(SLOTS, (_, name: string) => slots[name] ?? '')
}
