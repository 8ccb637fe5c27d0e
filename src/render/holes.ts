import Handlebars from 'handlebars'
import { PLURALS } from './formats.ts'
import { HELPERS } from './helpers.ts'
import type { Words } from './words.ts'

/**
 * Checks that every hole of a Handlebars source can be filled by a view that looks like `example`, that it uses only
 * the helpers there are, and that nothing in it switches escaping off. Throws an Error that names `file` and the hole.
 */
export function checkHoles(file: string, source: string, example: unknown, words: Words): void {
  const [first] = findHoleProblems(source, example, words)
  if (first) throw new Error(`${file}, line ${first.line}: ${first.what}`)
}

/** One thing that is wrong in a Handlebars source. */
export interface HoleProblem {
  line: number
  what: string
  /** The hole that nothing fills; null where something else is wrong. */
  hole: string | null
}

/** The same as a list, with all of them. Where the source cannot be parsed, that is the only one. */
export function findHoleProblems(source: string, example: unknown, words: Words): HoleProblem[] {
  const problems: HoleProblem[] = []
  const program = parse(source, problems)
  checkProgram({ words, scopes: [example], problems }, program)
  return problems
}

/** Where the walk is; scopes are the values that `this` has, outside in. */
interface Place {
  words: Words
  scopes: unknown[]
  problems: HoleProblem[]
}

/** Ends the look at one statement. */
class HoleError extends Error {
  readonly problem: HoleProblem

  constructor(problem: HoleProblem) {
    super(problem.what)
    this.problem = problem
  }
}

function parse(source: string, problems: HoleProblem[]): hbs.AST.Program | undefined {
  try {
    return Handlebars.parse(source)
  } catch (error) {
    problems.push(syntaxProblem(error))
    return undefined
  }
}

/** Handlebars draws an arrow below the place, over several lines, or names it at the end: '- 5:0'. */
function syntaxProblem(error: unknown): HoleProblem {
  const message = error instanceof Error ? error.message : String(error)
  const [, line, shown] = /^Parse error on line (\d+):\n(.*)/.exec(message) ?? []
  const place = /^(.*) - (\d+):\d+$/.exec(message)
  if (place) return { line: Number(place[2]), what: `Handlebars does not understand this: ${place[1]}`, hole: null }
  if (message.endsWith(", got 'EOF'"))
    return {
      line: Number(line),
      what: 'something is not closed: {{#if}} ends with {{/if}}, and {{ with }}',
      hole: null,
    }
  return { line: Number(line ?? 1), what: `Handlebars does not understand this: ${shown ?? message}`, hole: null }
}

function checkProgram(place: Place, program: hbs.AST.Program | undefined): void {
  for (const statement of program?.body ?? []) {
    try {
      checkStatement(place, statement)
    } catch (error) {
      if (!(error instanceof HoleError)) throw error
      place.problems.push(error.problem)
    }
  }
}

function checkStatement(place: Place, statement: hbs.AST.Statement): void {
  if (isA<hbs.AST.BlockStatement>(statement, 'BlockStatement')) checkBlock(place, statement)
  else if (isA<hbs.AST.MustacheStatement>(statement, 'MustacheStatement')) checkMustache(place, statement)
  else if (statement.type !== 'ContentStatement' && statement.type !== 'CommentStatement')
    fail(statement, `${statement.type} is not supported in mail texts`)
}

function checkBlock(place: Place, block: hbs.AST.BlockStatement): void {
  const name = block.path.original
  const subject = block.params[0]
  if ((name !== 'if' && name !== 'unless' && name !== 'each') || !subject)
    fail(block, `{{#${name}}} is not one of {{#if x}}, {{#unless x}}, {{#each x}}`)
  const value = exampleOf(place, subject)
  const isList = name === 'each' && Array.isArray(value)
  checkProgram(isList ? { ...place, scopes: [...place.scopes, value[0]] } : place, block.program)
  checkProgram(place, block.inverse)
}

function checkMustache(place: Place, mustache: hbs.AST.MustacheStatement): void {
  if (!mustache.escaped) fail(mustache, 'three braces would let a text in as HTML; use two')
  if (mustache.params.length === 0) {
    exampleOf(place, mustache.path)
    return
  }
  const name = isA<hbs.AST.PathExpression>(mustache.path, 'PathExpression') ? mustache.path.original : '?'
  if (!HELPERS.some((helper) => helper === name)) fail(mustache, `{{${name} …}} is not one of ${HELPERS.join(', ')}`)
  for (const param of mustache.params) exampleOf(place, param)
  const [key] = mustache.params
  if (!key) return
  if (LISTS.has(name) && !Array.isArray(Object(exampleOf(place, key)).items))
    fail(mustache, `{{${name} …}} takes a section of a digest, which has items`)
  if (!isA<hbs.AST.StringLiteral>(key, 'StringLiteral')) return
  if (LABELLED.has(name)) checkWord(place, key, key.value)
  if (name === 'count') for (const category of PLURALS) checkWord(place, key, `${key.value}.${category}`)
}

function checkWord({ words }: Place, node: hbs.AST.Node, key: string): void {
  if (words[key] === undefined) fail(node, `there is no string '${key}' in templates/strings`)
}

/** The helpers whose first part is the key of a string. */
const LABELLED: ReadonlySet<string> = new Set(['button', 'quiet', 'link'])
/** The helpers that list a section. */
const LISTS: ReadonlySet<string> = new Set(['cases', 'ownCases', 'failures', 'articles', 'commented'])

/** What an expression is in the example; throws where it is nothing. */
function exampleOf(place: Place, expression: hbs.AST.Expression): unknown {
  if (isA<hbs.AST.StringLiteral>(expression, 'StringLiteral')) return expression.value
  if (!isA<hbs.AST.PathExpression>(expression, 'PathExpression'))
    return fail(expression, `${expression.type} is not supported in mail texts`)
  let value = place.scopes.at(-1 - expression.depth)
  for (const part of expression.parts.map(String)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      throw new HoleError({
        line: expression.loc.start.line,
        what: `nothing fills {{${expression.original}}} in this kind of mail`,
        hole: expression.original,
      })
    value = Reflect.get(value, part)
  }
  return value
}

function fail(node: hbs.AST.Node, why: string): never {
  throw new HoleError({ line: node.loc.start.line, what: why, hole: null })
}

function isA<T extends hbs.AST.Node>(node: hbs.AST.Node, type: T['type']): node is T {
  return node.type === type
}
