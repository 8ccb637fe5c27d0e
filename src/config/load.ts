import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { describeError, PosthornError } from '../core/errors.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import { complete } from './complete.ts'
import type { Config } from './config.ts'
import { crossCheck } from './cross-checks.ts'
import { readDkimKey } from './dkim-key.ts'
import { fillIn } from './environment.ts'
import { type Path, type Problem, pathText, shown } from './problems.ts'
import { fileSchema } from './schema.ts'

/**
 * Reads posthorn.yaml, fills in `${NAME}` from the environment and checks everything in one go.
 * Throws one PosthornError 'config' with all problems: each with its path and line, what was found and what is allowed.
 */
export function loadConfig(path: string, env: NodeJS.ProcessEnv): Config {
  return parseConfig(readText(path), env, path)
}

/** The same from the text of the file; `path` names it in problems, and its folder is where relative paths begin. */
export function parseConfig(text: string, env: NodeJS.ProcessEnv, path: string): Config {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    // Only the first: behind it a parser sees ghosts.
    const problems = document.errors
      .slice(0, 1)
      .map((it) => describeSyntax(text, lines.linePos(it.pos[0]).line, it.message))
    throw configError(path, problems)
  }
  const filled = fillIn(document.toJS() ?? {}, env, pathText)
  const folder = dirname(resolve(path))
  const keyProblems = readDkimKey(filled.value, folder)
  const checked = fileSchema.safeParse(filled.value)
  const isSecret = (at: Path) => filled.secretPaths.has(pathText(at))
  const problems = [
    ...filled.problems,
    ...(checked.error?.issues ?? []).flatMap((issue) => problemsOf(issue, filled.value, isSecret)),
    ...crossCheck(filled.value),
    ...keyProblems,
  ]
  if (checked.success && problems.length === 0) return complete(checked.data, folder)
  const found = firstOfEachPath(problems).map((it) => ({ ...it, line: lineOf(document, lines, it.path) }))
  found.sort((a, b) => a.line - b.line)
  throw configError(path, found.map(describeProblem))
}

/** A mistake in the YAML itself. The usual one is a reference to the environment between braces, which YAML reads as its own. */
function describeSyntax(text: string, line: number, message: string): string {
  const braces = /[{,][^'"]*:\s*\$\{/.test(text.split('\n')[line - 1] ?? '')
  return `line ${line}: ${message}${braces ? `; between braces, write '\${NAME}' in quotes` : ''}`
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new PosthornError('config', `the configuration cannot be read: ${describeError(error)}`, {
      temporary: false,
      hint: 'Copy posthorn.example.yaml to posthorn.yaml and fill it in, or name another file with --config.',
      cause: error,
    })
  }
}

/** What the schema found; each unknown setting is a problem of its own. */
function problemsOf(issue: z.core.$ZodIssue, file: unknown, isSecret: (path: Path) => boolean): Problem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  if (issue.code !== 'unrecognized_keys') {
    const value = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], file)
    return [{ path, found: shown(value, path, isSecret(path)), allowed: issue.message }]
  }
  const known = issue.message.split(', ')
  return issue.keys.map((key) => {
    const meant = didYouMean(key, known)
    const allowed = meant ? `did you mean '${meant}'?` : `allowed here: ${issue.message}`
    return { path: [...path, key], found: 'a setting that is not known', allowed }
  })
}

/** One cause may be seen twice, such as a variable that is not set and the empty text it leaves. */
function firstOfEachPath(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ path }) => {
    const text = pathText(path)
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

function describeProblem({ path, found, allowed, line }: Problem & { line: number }): string {
  const expected =
    allowed.startsWith('did you mean') || allowed.startsWith('allowed here') ? allowed : `allowed: ${allowed}`
  return `${pathText(path)} (line ${line}): found ${found}; ${expected}`
}

/** The line of a setting, or of the section that lacks it. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length))
    if (offset !== null) return lines.linePos(offset).line
  }
  return 1
}

/** Where a setting begins: at its key, or in a list at its value. */
function offsetOf(document: Document, path: Path): number | null {
  const key = path.at(-1)
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
  if (isMap(parent)) {
    const pair = parent.items.find((it) => isScalar(it.key) && it.key.value === key)
    return pair && isNode(pair.key) ? (pair.key.range?.[0] ?? null) : null
  }
  const node = document.getIn([...path], true)
  return isNode(node) ? (node.range?.[0] ?? null) : null
}

function configError(path: string, problems: readonly string[]): PosthornError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  const text = `${basename(path)} has ${count}:\n${problems.map((it) => `  ${it}`).join('\n')}`
  return new PosthornError('config', text, { temporary: false })
}
