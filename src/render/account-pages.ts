import Handlebars from 'handlebars'
import { LANGUAGES, type Language } from '../model/language.ts'
import { readTemplate } from './folders.ts'
import { styleSource } from './style-source.ts'
import { checkWords, type Words } from './words.ts'

/** A page of somebody's account. Texts are in the page's language already; the template escapes them all. */
export interface AccountPage {
  title: string
  /** Paragraphs below the title. */
  lead: string[]
  alerts: { tone: 'error' | 'done' | 'info'; text: string }[]
  /** What the page consists of, from top to bottom. */
  parts: Part[]
  /** Links below everything. */
  also: LinkView[]
}

export type Part =
  | { form: FormView }
  | { list: ListView }
  | { facts: { name: string; value: string }[] }
  | { code: string }
  | { picture: { svg: string; label: string } }
  | { heading: string; text: string }
  | { words: { author: string; when: string; text: string; own: boolean }[] }

export interface FormView {
  /** Where it is sent; '' to where the page is. */
  action: string
  fields: FieldView[]
  button: string
  /** A button for something that cannot be taken back. */
  grave: boolean
  /** For scripts in /assets: what they look for. null: none. */
  script: string | null
  /** Data for it. */
  data: string
}

export interface FieldView {
  name: string
  label: string
  type: 'text' | 'email' | 'password' | 'hidden' | 'checkbox' | 'radio' | 'code' | 'tel' | 'rules'
  value: string
  autocomplete: string
  required: boolean
  hint: string
  error: string
  checked: boolean
  /** Of a radio; of 'rules' the rules with whether they are met. */
  options: { value: string; label: string; checked: boolean; met: boolean; rule: string; number: string }[]
}

export interface ListView {
  empty: string
  rows: { title: string; href: string; facts: string; action: { href: string; label: string; value: string } | null }[]
}

export interface LinkView {
  href: string
  text: string
}

/** What stands around a page. */
export interface Chrome {
  brand: string
  language: Language
  /** What paths begin with: '' or '/support'. */
  base: string
  /** Goes into every form. */
  csrf: string
  /** Whoever is signed in; null: nobody. */
  person: string | null
  /** The path of the page, for the links to it in other languages. */
  path: string
}

export interface AccountPages {
  render(page: AccountPage, chrome: Chrome): string
  words: Readonly<Record<Language, Words>>
  styleSource: string
}

const NAMES: Readonly<Record<Language, string>> = { da: 'Dansk', nb: 'Norsk', sv: 'Svenska', en: 'English' }

/** Reads templates/pages/account.hbs and the words of templates/strings/account. Throws an Error that names the file. */
export function loadAccountPages(folders: readonly string[]): AccountPages {
  const read = (language: Language): unknown => JSON.parse(readTemplate(folders, `strings/account/${language}.json`))
  const words = checkWords({ da: read('da'), nb: read('nb'), sv: read('sv'), en: read('en') })
  const source = readTemplate(folders, 'pages/account.hbs')
  const engine = Handlebars.create()
  engine.registerHelper('is', (value: unknown, wanted: unknown) => value === wanted)
  const template = engine.compile(source, { strict: true, knownHelpers: { is: true } })
  return {
    words,
    styleSource: styleSource('pages/account.hbs', source),
    render: (page, chrome) => {
      const languages = LANGUAGES.map((code) => ({ code, name: NAMES[code], current: code === chrome.language }))
      return template({ ...page, ...chrome, languages, word: words[chrome.language] })
    },
  }
}
