import Handlebars from 'handlebars'
import { PLURALS } from './formats.ts'
import { HELPERS } from './helpers.ts'
import { type Words, wordOf } from './words.ts'

/**
 * Checks that every hole of a Handlebars source can be filled by a view that looks like `example`, that it uses only
 * the helpers there are, and that nothing in it switches escaping off. Throws an Error that names `file` and the hole.
 */
export function checkHoles(file: string, source: string, example: unknown, words: Words): void {
  checkProgram({ file, words, scopes: [example] }, parse(file, source))
}

/** Where the walk is; scopes are the values that `this` has, outside in. */
interface Place {
  file: string
  words: Words
  scopes: unknown[]
}

function parse(file: string, source: string): hbs.AST.Program {
  try {
    return Handlebars.parse(source)
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function checkProgram(place: Place, program: hbs.AST.Program | undefined): void {
  for (const statement of program?.body ?? []) {
    if (isA<hbs.AST.BlockStatement>(statement, 'BlockStatement')) checkBlock(place, statement)
    else if (isA<hbs.AST.MustacheStatement>(statement, 'MustacheStatement')) checkMustache(place, statement)
    else if (statement.type !== 'ContentStatement' && statement.type !== 'CommentStatement')
      fail(place, statement, `${statement.type} is not supported in mail texts`)
  }
}

function checkBlock(place: Place, block: hbs.AST.BlockStatement): void {
  const name = block.path.original
  const subject = block.params[0]
  if ((name !== 'if' && name !== 'unless' && name !== 'each') || !subject)
    fail(place, block, `{{#${name}}} is not one of {{#if x}}, {{#unless x}}, {{#each x}}`)
  const value = exampleOf(place, subject)
  const isList = name === 'each' && Array.isArray(value)
  checkProgram(isList ? { ...place, scopes: [...place.scopes, value[0]] } : place, block.program)
  checkProgram(place, block.inverse)
}

function checkMustache(place: Place, mustache: hbs.AST.MustacheStatement): void {
  if (!mustache.escaped) fail(place, mustache, 'three braces would let a text in as HTML; use two')
  if (mustache.params.length === 0) {
    exampleOf(place, mustache.path)
    return
  }
  const name = isA<hbs.AST.PathExpression>(mustache.path, 'PathExpression') ? mustache.path.original : '?'
  if (!HELPERS.some((helper) => helper === name))
    fail(place, mustache, `{{${name} …}} is not one of ${HELPERS.join(', ')}`)
  for (const param of mustache.params) exampleOf(place, param)
  const [key] = mustache.params
  if (!key) return
  if (LISTS.has(name) && !Array.isArray(Object(exampleOf(place, key)).items))
    fail(place, mustache, `{{${name} …}} takes a section of a digest, which has items`)
  if (!isA<hbs.AST.StringLiteral>(key, 'StringLiteral')) return
  if (LABELLED.has(name)) wordOf(place.file, place.words, key.value)
  if (name === 'count') for (const category of PLURALS) wordOf(place.file, place.words, `${key.value}.${category}`)
}

/** The helpers whose first part is the key of a string. */
const LABELLED: ReadonlySet<string> = new Set(['button', 'quiet', 'link'])
/** The helpers that list a section. */
const LISTS: ReadonlySet<string> = new Set(['cases', 'ownCases', 'failures', 'articles'])

/** What an expression is in the example; throws where it is nothing. */
function exampleOf(place: Place, expression: hbs.AST.Expression): unknown {
  if (isA<hbs.AST.StringLiteral>(expression, 'StringLiteral')) return expression.value
  if (!isA<hbs.AST.PathExpression>(expression, 'PathExpression'))
    return fail(place, expression, `${expression.type} is not supported in mail texts`)
  let value = place.scopes.at(-1 - expression.depth)
  for (const part of expression.parts.map(String)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return fail(place, expression, `nothing fills {{${expression.original}}} in this kind of mail`)
    value = Reflect.get(value, part)
  }
  return value
}

function fail(place: Place, node: hbs.AST.Node, why: string): never {
  throw new Error(`${place.file}, line ${node.loc.start.line}: ${why}`)
}

function isA<T extends hbs.AST.Node>(node: hbs.AST.Node, type: T['type']): node is T {
  return node.type === type
}
