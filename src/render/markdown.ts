import MarkdownIt from 'markdown-it'
import { STYLES } from './blocks.ts'

/** The Markdown of a mail as two Handlebars sources, both with the holes where they were. */
export interface BodySources {
  html: string
  text: string
}

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number]

/** Helpers that make a block of their own: the paragraph that Markdown puts around them is taken away. */
const BLOCK_HELPER =
  /^\{\{(button|quiet|said|files|lines|outcome|refusals|usages|actions|cases|ownCases|failures|articles|commented)\b/
/** `{{#if x}}`, `{{else}}`, `{{/if}}` alone in a paragraph. */
const CONTROL = /^\{\{(#|\/|else\b)/
const HOLE = /\{\{[^{}]*\}\}/g
const HOLE_MARK = /zHOLE(\d+)z/g
const LONE_MARK = /^zHOLE(\d+)z$/

/**
 * Renders Markdown once, at load. Holes are taken out before and put back after, so that Markdown never sees what
 * will stand in them, and what will stand in them is never read as Markdown.
 */
export function renderBody(markdown: string): BodySources {
  const holes: string[] = []
  const marked = markdown.replace(HOLE, (hole) => `zHOLE${holes.push(hole) - 1}z`)
  const fill = (text: string) => text.replace(HOLE_MARK, (_, index: string) => holes[Number(index)] ?? '')
  const parser = new MarkdownIt({ html: false, linkify: false, typographer: false })
  const tokens = parser.parse(marked, {})
  const text = fill(textOf(tokens, holes))
  unwrapBlocks(tokens, holes)
  style(tokens)
  return { html: fill(parser.renderer.render(tokens, parser.options, {})), text }
}

/** The hole that a paragraph consists of, or null where there is more in it. */
function loneHole(inline: Token | undefined, holes: string[]): string | null {
  const index = LONE_MARK.exec(inline?.content.trim() ?? '')?.[1]
  return index === undefined ? null : (holes[Number(index)] ?? null)
}

function unwrapBlocks(tokens: Token[], holes: string[]): void {
  for (const [at, token] of tokens.entries()) {
    if (token.type !== 'paragraph_open') continue
    const hole = loneHole(tokens[at + 1], holes)
    const close = tokens[at + 2]
    if (!hole || !close || !(BLOCK_HELPER.test(hole) || CONTROL.test(hole))) continue
    token.hidden = true
    close.hidden = true
  }
}

function style(tokens: Token[]): void {
  for (const token of tokens) {
    const css = token.nesting >= 0 ? STYLES[token.tag] : undefined
    if (css) token.attrSet('style', css)
    if (token.tag === 'a' && token.nesting === 1) token.attrSet('class', 'link')
    style(token.children ?? [])
  }
}

/** The same for people who read text: no markers, links written out, every block followed by an empty line. */
function textOf(tokens: Token[], holes: string[]): string {
  let text = ''
  const lists: { ordered: boolean; count: number }[] = []
  for (const token of tokens) {
    if (token.type === 'bullet_list_open' || token.type === 'ordered_list_open')
      lists.push({ ordered: token.type === 'ordered_list_open', count: 0 })
    else if (token.type === 'bullet_list_close' || token.type === 'ordered_list_close') {
      lists.pop()
      text += '\n'
    } else if (token.type === 'list_item_open') text += bullet(lists.at(-1))
    else if (token.type === 'hr') text += '----------\n\n'
    else if (token.type === 'inline') text += block(token, holes, lists.length > 0)
  }
  return text
}

function bullet(list: { ordered: boolean; count: number } | undefined): string {
  if (!list) return ''
  list.count += 1
  return list.ordered ? `${list.count}. ` : '- '
}

function block(token: Token, holes: string[], inList: boolean): string {
  const hole = loneHole(token, holes)
  // Handlebars takes away the whole line of a control block that stands alone on it.
  if (inList || (hole && CONTROL.test(hole))) return `${inlineText(token)}\n`
  return `${inlineText(token)}\n\n`
}

function inlineText(token: Token): string {
  let text = ''
  let href = ''
  for (const child of token.children ?? []) {
    if (child.type === 'softbreak' || child.type === 'hardbreak') text += '\n'
    else if (child.type === 'link_open') href = String(child.attrGet('href') ?? '')
    else if (child.type === 'link_close') text += ` (${href})`
    else text += child.content
  }
  return text
}
