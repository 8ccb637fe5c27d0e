import type { Language } from '../model/language.ts'
import type { Words } from './words.ts'

/** A folder of own templates, beside those that come with the program. */
export interface LintContext {
  builtIn: string
  folder: string
  /** The strings with the own ones in place; the built-in ones where those cannot be read. */
  words: Record<Language, Words>
}

/** One thing that is wrong, or may be, in a folder of own templates. */
export interface Finding {
  /** An error stops the program at start, or spoils mails. A warning may be meant. */
  level: 'error' | 'warning'
  /** Below the folder. */
  file: string
  line: number | null
  what: string
  /** What to do about it. */
  todo: string
}

/** The line, from 1 on, of a place in a text. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** Sorted by file and line, and each once. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const byText = new Map(findings.map((it) => [`${it.file}\n${it.line}\n${it.what}`, it]))
  return [...byText.values()].sort((a, b) =>
    a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file < b.file ? -1 : 1,
  )
}
