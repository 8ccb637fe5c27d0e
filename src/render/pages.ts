import Handlebars from 'handlebars'
import { LANGUAGES, type Language } from '../model/language.ts'
import { loadWords, readTemplate } from './folders.ts'
import { checkHoles } from './holes.ts'
import { styleSource } from './style-source.ts'
import { fillWords } from './words.ts'

/** What each page may say. */
export type PageView =
  | ({ kind: 'leave'; number: number } & Common)
  | ({ kind: 'left'; number: number } & Common)
  | ({ kind: 'solution-yes'; number: number } & Common)
  | ({ kind: 'solution-no'; number: number } & Common)
  | ({ kind: 'solution-accepted'; number: number } & Common)
  | ({ kind: 'solution-rejected'; number: number } & Common)
  | ({ kind: 'solution-over'; number: number } & Common)
  | ({ kind: 'unknown' } & Common)
  | ({ kind: 'settings'; who: string; agent: boolean; saved: boolean; groups: SettingsGroup[] } & Common)
  | ({ kind: 'rejected' } & Common)
  | ({ kind: 'stop'; settings: string } & Named & Common)
  | ({ kind: 'stopped'; settings: string } & Named & Common)
  | ({ kind: 'resumed'; settings: string } & Common)

/** One thing to choose about, as the form shows it. Exactly one of the flags says what it is. */
export interface SettingsGroup {
  /** The name of its fields. */
  field: string
  comments: boolean
  /** Comments as agents hear of them: of their customers' cases. */
  agents: boolean
  solutions: boolean
  areas: boolean
  digests: boolean
  /** The address of the mailbox that it is about; null: all of them. */
  mailbox: string | null
  options: SettingsOption[]
}

/** `value`: what the form sends. */
export interface SettingsOption {
  field: string
  value: string
  checked: boolean
  inherit: boolean
  now: boolean
  digest: boolean
  off: boolean
  on: boolean
  none: boolean
}

/** The topic that a page is about: one is true. */
interface Named {
  comments: boolean
  solutions: boolean
  areas: boolean
  digests: boolean
}

interface Common {
  /** Whose pages these are: 'Acme Support'. */
  brand: string
  /** The support address. */
  address: string
}

const common = { brand: 'Acme Support', address: 'support@acme.example' }
const topic = { comments: true, solutions: false, areas: false, digests: false }
const option = {
  ...{ field: 'comments', value: 'now', checked: true },
  ...{ inherit: false, now: true, digest: false, off: false, on: false, none: false },
}
/** One made-up view of each kind: the list of holes that its template may have. */
export const PAGE_EXAMPLES: { [K in PageView['kind']]: Extract<PageView, { kind: K }> } = {
  leave: { kind: 'leave', number: 1042, ...common },
  left: { kind: 'left', number: 1042, ...common },
  'solution-yes': { kind: 'solution-yes', number: 1042, ...common },
  'solution-no': { kind: 'solution-no', number: 1042, ...common },
  'solution-accepted': { kind: 'solution-accepted', number: 1042, ...common },
  'solution-rejected': { kind: 'solution-rejected', number: 1042, ...common },
  'solution-over': { kind: 'solution-over', number: 1042, ...common },
  unknown: { kind: 'unknown', ...common },
  settings: {
    kind: 'settings',
    who: 'k…@customer.example',
    agent: true,
    saved: true,
    groups: [{ field: 'comments', ...topic, agents: false, mailbox: null, options: [option] }],
    ...common,
  },
  rejected: { kind: 'rejected', ...common },
  stop: { kind: 'stop', settings: '../settings/p.x.y', ...topic, ...common },
  stopped: { kind: 'stopped', settings: '../settings/p.x.y', ...topic, ...common },
  resumed: { kind: 'resumed', settings: '../settings/p.x.y', ...common },
}

/** All pages, checked and compiled. */
export interface Pages {
  render(view: PageView, language: Language): string
  /** The source by which a Content-Security-Policy lets their one stylesheet in: "'sha256-…'". */
  styleSource: string
}

/** Reads and checks the pages (templates/pages), as loadTemplates does the mails. Throws an Error that names the file. */
export function loadPages(folders: readonly string[]): Pages {
  const words = loadWords(folders)
  const layout = readTemplate(folders, 'pages/layout.hbs')
  const engine = Handlebars.create()
  const pages = new Map<string, (view: object) => string>()
  for (const language of LANGUAGES)
    for (const [kind, example] of Object.entries(PAGE_EXAMPLES)) {
      const file = `pages/${kind}.hbs`
      const page = layout.replace('{{{body}}}', () => readTemplate(folders, file).trim())
      const source = fillWords(
        file,
        page.replaceAll('{{kind}}', kind).replaceAll('{{language}}', language),
        words[language],
      )
      checkHoles(file, source, example, words[language])
      pages.set(`${kind}/${language}`, engine.compile(source, { strict: true, knownHelpers: {} }))
    }
  return {
    styleSource: styleSource('pages/layout.hbs', layout),
    render: (view, language) => fill(pages, view, language),
  }
}

function fill(pages: ReadonlyMap<string, (view: object) => string>, view: PageView, language: Language): string {
  const page = pages.get(`${view.kind}/${language}`)
  if (!page) throw new Error(`no page ${view.kind}/${language}`)
  return page(view)
}
