import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { didYouMean } from '../model/did-you-mean.ts'
import { isLanguage, LANGUAGES } from '../model/language.ts'
import { PART } from './assemble.ts'
import { assertFolders, findTemplate, loadWords } from './folders.ts'
import { type Finding, inOrder, type LintContext } from './lint-finding.ts'
import { lintRendered } from './lint-rendered.ts'
import { lintStrings } from './lint-strings.ts'
import { lintLayout, lintPart, lintText } from './lint-text.ts'
import { KINDS } from './load.ts'
import { loadPages } from './pages.ts'
import type { MailKind } from './view.ts'

/**
 * Checks a folder of own templates: all that would stop the program at start, and what would spoil a mail. Findings are in
 * the order of files and lines. Throws an Error where the folder cannot be read.
 */
export function lintFolder(builtIn: string, folder: string): Finding[] {
  assertFolders([builtIn, folder])
  const strings = lintStrings(builtIn, folder)
  const broken = strings.some((it) => it.level === 'error')
  const context = { builtIn, folder, words: loadWords(broken ? [builtIn] : [builtIn, folder]) }
  const files = filesBelow(folder)
  const known = new Set([...filesBelow(builtIn), ...ownParts(context)])
  const found = [
    ...strings,
    ...files.flatMap((file) => (known.has(file) ? lintFile(context, file) : lintUnknown(file, known))),
    ...missingLanguages(files),
  ]
  const errors = found.filter((it) => it.level === 'error')
  const rendered = broken ? [] : lintRendered(context, { files, errors })
  return inOrder([...found, ...rendered, ...lintPages(context, files, broken)])
}

/** Paths below a folder, with slashes. What begins with a dot belongs to somebody else. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name).slice(join(folder, sep).length).replaceAll(sep, '/'))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.')))
}

/** Parts that an own text asks for by {{> name}}. */
function ownParts({ folder }: LintContext): string[] {
  const texts = filesBelow(folder).filter((path) => /^mail\/[^/]+\/[^/]+\.md$/.test(path))
  return texts.flatMap((path) =>
    [...readFileSync(join(folder, path), 'utf8').matchAll(PART)].map((match) => `mail/parts/${match[1]}.md`),
  )
}

function lintFile(context: LintContext, file: string): Finding[] {
  const bytes = readFileSync(join(context.folder, file))
  const content = bytes.toString('utf8').replaceAll('\r\n', '\n')
  if (content.includes('\ufffd'))
    return [{ level: 'error', file, line: null, what: 'it is not UTF-8', todo: 'save it as UTF-8' }]
  const [top, middle = '', name = ''] = file.split('/')
  if (top !== 'mail') return []
  if (middle === 'parts') return lintPart(context, file, { content, kinds: usersOf(context, name.replace('.md', '')) })
  if (/^layout(?:\.txt)?\.hbs$/.test(middle)) return lintLayout(context, file, content)
  const language = name.replace('.md', '')
  const kind = KINDS.find((it) => it === middle)
  return kind && isLanguage(language) ? lintText(context, file, { content, kind, language }) : []
}

/** The kinds whose texts hold a part. */
function usersOf({ builtIn, folder }: LintContext, part: string): MailKind[] {
  return KINDS.filter((kind) =>
    LANGUAGES.some((it) => findTemplate([builtIn, folder], `mail/${kind}/${it}.md`).content.includes(`{{> ${part}}}`)),
  )
}

/** A file that nothing reads: most likely a slip of the pen, and then the built-in one is sent instead. */
function lintUnknown(file: string, known: ReadonlySet<string>): Finding[] {
  const meant = didYouMean(file, [...known])
  const what = 'no template is called so, and nothing will use it'
  if (meant) return [{ level: 'error', file, line: null, what, todo: `did you mean ${meant}?` }]
  const todo = 'take it away, or name it as a file of the built-in templates is named'
  return [{ level: 'warning', file, line: null, what, todo }]
}

/** A kind whose text is one's own in one language and the built-in one in another. */
function missingLanguages(files: readonly string[]): Finding[] {
  return KINDS.flatMap((kind) => {
    const own = LANGUAGES.filter((it) => files.includes(`mail/${kind}/${it}.md`))
    if (own.length === 0 || own.length === LANGUAGES.length) return []
    const others = LANGUAGES.filter((it) => !own.includes(it))
    const what = `there is no own text in ${others.join(', ')}, and the built-in one is sent there`
    const todo = `write mail/${kind}/${others[0]}.md too, unless nobody is written to in that language`
    return [{ level: 'warning' as const, file: `mail/${kind}/${own[0]}.md`, line: null, what, todo }]
  })
}

/** Own pages of the portal are checked as at start: the first mistake is told. */
function lintPages({ builtIn, folder }: LintContext, files: readonly string[], broken: boolean): Finding[] {
  if (broken || !files.some((it) => it.startsWith('pages/'))) return []
  try {
    loadPages([builtIn, folder])
    return []
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const file = files.find((it) => message.includes(it)) ?? 'pages'
    return [{ level: 'error', file, line: null, what: message, todo: 'the program would not start with it' }]
  }
}
