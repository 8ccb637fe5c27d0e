import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { didYouMean } from '../model/did-you-mean.ts'
import { LANGUAGES, type Language } from '../model/language.ts'
import { exampleOf } from './assemble.ts'
import { loadWords, wordsPath } from './folders.ts'
import { findHoleProblems } from './holes.ts'
import { type Finding, lineAt } from './lint-finding.ts'
import { KINDS } from './load.ts'
import type { Words } from './words.ts'

type Strings = Partial<Record<Language, Record<string, unknown>>>

/** What is wrong in the own files of strings. Only the strings that are to be other than the built-in ones stand there. */
export function lintStrings(builtIn: string, folder: string): Finding[] {
  const findings: Finding[] = []
  const strings: Strings = {}
  const texts: Partial<Record<Language, string>> = {}
  for (const language of LANGUAGES) {
    const path = join(folder, wordsPath(language))
    if (!existsSync(path)) continue
    const text = readFileSync(path, 'utf8')
    const read = readStrings(wordsPath(language), text)
    if ('problem' in read) findings.push(read.problem)
    else [strings[language], texts[language]] = [read.strings, text]
  }
  const plain = loadWords([builtIn])
  for (const language of LANGUAGES)
    for (const [key, value] of Object.entries(strings[language] ?? {})) {
      const at = { file: wordsPath(language), line: lineOfKey(texts[language] ?? '', key) }
      findings.push(...lintString({ key, value, plain: plain[language], strings }, at))
    }
  return findings
}

function readStrings(file: string, text: string): { strings: Record<string, unknown> } | { problem: Finding } {
  const level = 'error'
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { strings: { ...value } }
    const todo = 'write { "key": "text", … }'
    return { problem: { level, file, line: 1, what: 'it must hold one object of strings', todo } }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const position = /position (\d+)/.exec(message)?.[1]
    const line = position === undefined ? null : lineAt(text, Number(position))
    const what = `it is no JSON: ${message.split('\n', 1)[0]}`
    return { problem: { level, file, line, what, todo: 'look for a comma or a quotation mark too many or too few' } }
  }
}

function lintString(
  it: { key: string; value: unknown; plain: Words; strings: Strings },
  at: { file: string; line: number | null },
): Finding[] {
  const { key, value, plain, strings } = it
  if (typeof value !== 'string' || value.trim() === '') {
    const what = `'${key}' must be a text that is not empty`
    return [{ level: 'error', ...at, what, todo: 'write a text, or take the line away to have the built-in one' }]
  }
  const others = LANGUAGES.filter((language) => strings[language]?.[key] === undefined)
  const text = plain[key]
  if (text === undefined) return lintNewString(key, { others, known: Object.keys(plain) }, at)
  return [
    ...lintSlots(key, { value, text }, at),
    ...lintHoles(key, { value, plain }, at),
    ...lintOthers(key, others, at),
  ]
}

/** A key that the built-in strings do not have: a slip of the pen, or one for a text of one's own, which must be in every language. */
function lintNewString(
  key: string,
  { others, known }: { others: Language[]; known: string[] },
  at: { file: string; line: number | null },
): Finding[] {
  const meant = didYouMean(key, known)
  const what = `there is no string '${key}'`
  if (meant) return [{ level: 'error', ...at, what, todo: `did you mean '${meant}'?` }]
  if (others.length === 0) return []
  const todo = `take it away, or add it in ${others.join(', ')} too, if a text of yours uses it`
  return [{ level: 'error', ...at, what: `${what} in ${others.join(', ')}`, todo }]
}

function lintOthers(key: string, others: Language[], at: { file: string; line: number | null }): Finding[] {
  if (others.length === 0) return []
  const what = `'${key}' is your own here, and the built-in one in ${others.join(', ')}`
  return [{ level: 'warning', ...at, what, todo: 'add it there too, unless nobody is written to in that language' }]
}

/** A hole that no kind of mail fills. Which kinds use a string is seen when they are loaded; pages have holes of their own. */
function lintHoles(
  key: string,
  { value, plain }: { value: string; plain: Words },
  at: { file: string; line: number | null },
): Finding[] {
  if (!value.includes('{{') || key.startsWith('page.')) return []
  const [first, ...others] = KINDS.map((kind) => findHoleProblems(value, exampleOf(kind), plain)[0])
  if (!first || others.includes(undefined)) return []
  return [{ level: 'error', ...at, what: `'${key}': ${first.what}`, todo: `the built-in one is '${plain[key]}'` }]
}

/** {value} and {n} are filled in by the program. */
function lintSlots(
  key: string,
  { value, text }: { value: string; text: string },
  at: { file: string; line: number | null },
): Finding[] {
  const slots = (of: string) => new Set(of.match(/(?<!\{)\{[a-z]+\}(?!\})/g))
  const [had, has] = [slots(text), slots(value)]
  const lost = [...had].filter((slot) => !has.has(slot))
  if (lost.length === 0) return []
  return [{ level: 'warning', ...at, what: `'${key}' lacks ${lost.join(', ')}`, todo: `the built-in one is '${text}'` }]
}

function lineOfKey(text: string, key: string): number | null {
  const at = text.indexOf(JSON.stringify(key))
  return at < 0 ? null : lineAt(text, at)
}
