import Handlebars from 'handlebars'
import { LANGUAGES, type Language } from '../model/language.ts'
import { type Assembling, assemble, blameFile, exampleOf, findSources } from './assemble.ts'
import { EXAMPLES } from './examples.ts'
import { assertFolders, type Found, findTemplate, loadWords, ownWords } from './folders.ts'
import { htmlHelpers, textHelpers } from './helpers.ts'
import { checkHoles } from './holes.ts'
import type { MailKind } from './view.ts'
import type { Words } from './words.ts'

/** One kind of mail in one language, ready to be filled in. */
export interface MailTemplate {
  subject: (view: object) => string
  text: (view: object) => string
  html: (view: object) => string
  /** The administrator's own files that it is made of; none where it is as it came with the program. */
  own: readonly string[]
  /** What is sent where this one cannot be filled in: as it came with the program. null where this is that. */
  builtIn: MailTemplate | null
}

/** All mail texts, checked and compiled. */
export interface Templates {
  mail: ReadonlyMap<string, MailTemplate>
}

export const KINDS = Object.keys(EXAMPLES) as MailKind[]
/**
 * Reads and checks every mail text. A file in a later folder takes the place of the same file in an earlier one, and a
 * string that of the same string. Throws an Error with all problems, each with its file: a file or string that is
 * missing, a hole that nothing fills.
 */
export function loadTemplates(folders: readonly string[]): Templates {
  const mail = new Map<string, MailTemplate>()
  const problems: string[] = []
  const loaders = openLoaders(folders)
  for (const loader of loaders)
    for (const kind of KINDS) {
      try {
        mail.set(templateKey(kind, loader.language), loader.load(kind))
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error))
      }
    }
  if (problems.length > 0) throw new Error(`mail templates:\n${[...new Set(problems)].join('\n')}`)
  return { mail }
}

export function templateKey(kind: MailKind, language: Language): string {
  return `${kind}/${language}`
}

/** What loads one language's mails. */
export interface LanguageLoader {
  language: Language
  words: Words
  /** Throws an Error that names the file, and the line where there is one. */
  load: (kind: MailKind) => MailTemplate
}

/** A loader for each language. Throws where a folder or the strings cannot be read. */
export function openLoaders(folders: readonly string[]): LanguageLoader[] {
  assertFolders(folders)
  const builtIn = folders.slice(0, 1)
  const words = loadWords(folders)
  const plain = loadWords(builtIn)
  const strings = ownWords(folders)
  return LANGUAGES.map((language) => {
    const first = makeLoader(builtIn, language, plain[language])
    const loader = makeLoader(folders, language, words[language])
    const ownStrings = strings[language] === undefined ? [] : [strings[language]]
    const load = (kind: MailKind): MailTemplate => {
      const template = strings[language]
        ? loadWithStrings(loader, kind, { plain: plain[language], folders })
        : loadMail(loader, kind)
      const own = [...template.own, ...ownStrings]
      return own.length === 0 ? template : { ...template, own, builtIn: loadMail(first, kind) }
    }
    return { language, words: words[language], load }
  })
}

interface Loader extends Assembling {
  engines: { text: typeof Handlebars; html: typeof Handlebars }
}

function makeLoader(folders: readonly string[], language: Language, words: Words): Loader {
  const known = new Map<string, Found>()
  const find = (path: string) => {
    const found = known.get(path) ?? findTemplate(folders, path)
    known.set(path, found)
    return found
  }
  return { find, language, words, engines: makeEngines(language, words) }
}

/** Where own strings are in place: where all is well with the built-in ones, one of them is at fault, and is named. */
function loadWithStrings(
  loader: Loader,
  kind: MailKind,
  { plain, folders }: { plain: Words; folders: readonly string[] },
): MailTemplate {
  try {
    return loadMail(loader, kind)
  } catch (error) {
    loadMail(makeLoader(folders, loader.language, plain), kind)
    const file = ownWords(folders)[loader.language]
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function loadMail(loader: Loader, kind: MailKind): MailTemplate {
  const { engines } = loader
  const sources = findSources(loader, kind)
  const { subject, text, html } = assemble(loader, sources)
  try {
    for (const part of [subject, text, html]) checkHoles(sources.mail.file, part, exampleOf(kind), loader.words)
  } catch (error) {
    blameFile(loader, sources, kind)
    throw error
  }
  return {
    subject: compile(engines.text, subject, true),
    text: compile(engines.text, text, true),
    html: compile(engines.html, html, false),
    own: [sources.mail, sources.text, sources.html, ...sources.parts].filter((it) => it.own).map((it) => it.file),
    builtIn: null,
  }
}

function compile(engine: typeof Handlebars, source: string, noEscape: boolean): (view: object) => string {
  const fill = BARE.compile(source, { noEscape, strict: true, knownHelpers: {}, preventIndent: true })
  const options = { helpers: helpersIn(source, engine) }
  return (view) => fill(view, options)
}

/** Handlebars wraps every helper that it knows for every mail: here it knows none, and is given those that a text may use. */
const BARE = Handlebars.create()
for (const name of Object.keys(BARE.helpers)) BARE.unregisterHelper(name)

/** What a source cannot name is left out. Those that say what is missing are called without being named. */
function helpersIn(source: string, { helpers }: typeof Handlebars): typeof Handlebars.helpers {
  const names = Object.keys(helpers).filter((name) => name.endsWith('Missing') || source.includes(name))
  return Object.fromEntries(names.flatMap((name) => (helpers[name] ? [[name, helpers[name]]] : [])))
}

function makeEngines(language: Language, words: Words): Loader['engines'] {
  const text = Handlebars.create()
  text.registerHelper(textHelpers(language, words))
  const html = Handlebars.create()
  html.registerHelper(htmlHelpers(language, words))
  return { text, html }
}
