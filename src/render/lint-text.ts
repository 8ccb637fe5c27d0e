import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { didYouMean } from '../model/did-you-mean.ts'
import type { Language } from '../model/language.ts'
import { exampleOf, lineForLine, PART } from './assemble.ts'
import { readMailSource } from './front.ts'
import { findHoleProblems, type HoleProblem } from './holes.ts'
import { type Finding, type LintContext, lineAt } from './lint-finding.ts'
import { lintDropped, lintLinks, lintTags } from './lint-markup.ts'
import { KINDS } from './load.ts'
import type { MailKind } from './view.ts'
import type { Words } from './words.ts'

/** What is wrong in one own text: its front lines, its holes, its links. */
export function lintText(
  context: LintContext,
  file: string,
  { content, kind, language }: { content: string; kind: MailKind; language: Language },
): Finding[] {
  return [
    ...lintFront(file, content),
    ...lintHoles(file, { content, kinds: [kind], words: context.words[language] }),
    ...lintParts(context, file, content),
    ...lintLinks(file, content),
    ...lintTags(file, content),
  ]
}

/** The same for a part of several kinds: what it asks for must be there in each. */
export function lintPart(
  { words }: LintContext,
  file: string,
  { content, kinds }: { content: string; kinds: MailKind[] },
): Finding[] {
  const holes = lintHoles(file, { content, kinds, words: words.en })
  return [...holes, ...lintLinks(file, content), ...lintTags(file, content)]
}

/** And for a layout, which all kinds have in common. */
export function lintLayout({ words }: LintContext, file: string, content: string): Finding[] {
  const holes = lintHoles(file, { content, kinds: KINDS, words: words.en })
  const markup = file.endsWith('.txt.hbs') ? [] : [...lintDropped(file, content), ...lintLinks(file, content)]
  return [...holes, ...markup, ...lintMissing(file, content)]
}

function lintFront(file: string, content: string): Finding[] {
  try {
    readMailSource(file, content)
    return []
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const what = message.replace(`${file}: `, '')
    const quoted = /^'(.*?)'/.exec(what)?.[1]
    const line = quoted ? Math.max(1, content.split('\n').indexOf(quoted) + 1) : 1
    const todo = "begin with 'subject: …', 'preheader: …' and 'reason: …', then an empty line and the text"
    return [{ level: 'error', file, line, what, todo }]
  }
}

/** Every hole of a file, in the kinds that it is for. */
function lintHoles(
  file: string,
  { content, kinds, words }: { content: string; kinds: readonly MailKind[]; words: Words },
): Finding[] {
  const source = lineForLine(content).replace(WORD, (hole, key: string) =>
    words[key] === undefined ? hole : words[key],
  )
  return kinds.flatMap((kind) => {
    const example = exampleOf(kind)
    return findHoleProblems(source, example, words).map((problem) => ({
      level: 'error' as const,
      file,
      line: problem.line,
      what: wordProblem(problem, content) ?? problem.what,
      todo: todoOf(problem, example),
    }))
  })
}

const WORD = /\{\{word "([^"]+)"\}\}/g

/** A {{word "key"}} that no string fills is left in place, and looks like a helper that is none. */
function wordProblem({ line, what }: HoleProblem, content: string): string | null {
  if (!what.startsWith('{{word ')) return null
  const key = /\{\{word "([^"]+)"\}\}/.exec(content.split('\n')[line - 1] ?? '')?.[1]
  return key === undefined ? 'write {{word "key"}}' : `there is no string '${key}'`
}

function todoOf({ hole, what }: HoleProblem, example: object): string {
  if (what.includes('string') || what.startsWith('{{word '))
    return 'add it to strings/ in every language, or use one that is there'
  if (hole === null) return 'correct it; see the built-in text of the kind'
  const holes = holesOf(example)
  const meant = didYouMean(hole, holes)
  if (meant) return `did you mean {{${meant}}}?`
  return `these are there: ${holes.filter((it) => !COMMON.test(it)).join(', ')}`
}

const COMMON = /^(?:brand|look|settings|subject|answerable|timeZone|kind)\b/

/** 'case.number' and so on: everything that a kind's example holds. */
function holesOf(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? holesOf(inner, `${path}${key}.`)
      : [`${path}${key}`],
  )
}

/** Parts that are in neither folder. */
function lintParts({ builtIn, folder }: LintContext, file: string, content: string): Finding[] {
  return [...content.matchAll(PART)].flatMap((found) => {
    const path = `mail/parts/${found[1]}.md`
    if ([builtIn, folder].some((it) => existsSync(join(it, path)))) return []
    const what = `there is no part {{> ${found[1]}}}`
    return [{ level: 'error' as const, file, line: lineAt(content, found.index), what, todo: `write ${path}` }]
  })
}

/** What a layout should not be without. */
const NEEDED: readonly { hole: RegExp; level: Finding['level']; what: string; todo: string }[] = [
  {
    hole: /\{\{\{body\}\}\}/,
    level: 'error',
    what: 'there is no {{{body}}}, so every mail would be empty',
    todo: 'put {{{body}}} where the text belongs',
  },
  {
    hole: /\{\{marker\}\}/,
    level: 'warning',
    what: 'there is no {{marker}}, by which the quoted mail is cut off from answers',
    todo: 'put {{#if answerable}}{{marker}}{{/if}} above everything else',
  },
  {
    hole: /\{\{reason\}\}/,
    level: 'warning',
    what: 'there is no {{reason}}, so nobody is told why they get the mail',
    todo: 'put {{reason}} at the foot',
  },
  {
    hole: /\bsettings\b/,
    level: 'warning',
    what: 'nothing leads to what the reader can choose to be told of',
    todo: 'put {{#if settings}}{{link "link.settings" settings}}{{/if}} at the foot',
  },
]

function lintMissing(file: string, content: string): Finding[] {
  return NEEDED.filter(({ hole }) => !hole.test(content)).map(({ level, what, todo }) => ({
    ...{ level, file, line: null, what, todo },
  }))
}
