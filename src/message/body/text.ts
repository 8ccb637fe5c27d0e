import { decodeText } from '../charset/decode.ts'
import { linesOfHtml } from '../html/to-lines.ts'
import { textOfLines } from '../line.ts'
import type { Part } from '../parts.ts'
import type { Problems } from '../problems.ts'
import { joinFlowed } from './flowed.ts'

export interface BodyText {
  plain: string | null
  html: string | null
}

/**
 * The text of a mail out of its tree of parts. Alternatives (RFC 2046 section 5.1.4) are two forms of one section; other
 * multiparts are sections one after the other. Where only some sections have a form, it is made out of the other one,
 * so that `plain` and `html` each hold the whole mail or are null.
 */
export function bodyOf(root: Part | null, problems: Problems): BodyText {
  const found = root ? sectionsOf(root, problems) : []
  // A winmail.dat repeats the mail's text: it counts where there is no other.
  const written = found.filter((section) => !section.repeats)
  const sections = written.some((section) => /\S/.test(section.plain ?? section.html ?? '')) ? written : found
  const some = (form: 'plain' | 'html') => sections.some((section) => section[form] !== null)
  return {
    plain: some('plain') ? sections.map((section) => section.plain ?? plainOf(section.html ?? '')).join('\n') : null,
    html: some('html') ? sections.map((section) => section.html ?? htmlOf(section.plain ?? '')).join('<br>\n') : null,
  }
}

interface Section extends BodyText {
  repeats?: boolean
}

/** Iterative: a mail of thousands of nested parts must not overflow the stack. */
function sectionsOf(root: Part, problems: Problems): Section[] {
  const sections: Section[] = []
  const waiting: { part: Part; into: BodyText | null }[] = [{ part: root, into: null }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { part, into } = next
    if (part.children.length === 0) {
      addText(part, into, sections, problems)
      continue
    }
    let section = into
    if (part.contentType.type === 'multipart/alternative' && !section) {
      section = { plain: null, html: null }
      sections.push(section)
    }
    for (const child of part.children.toReversed()) waiting.push({ part: child, into: section })
  }
  return sections.filter((section) => section.plain !== null || section.html !== null)
}

function addText(part: Part, into: BodyText | null, sections: Section[], problems: Problems): void {
  if (part.unpacked) return void sections.push({ ...part.unpacked, repeats: true })
  if (!part.body || part.body.bytes.length === 0) return
  const type = part.contentType.type
  const multipart = type.startsWith('multipart/')
  if (multipart) {
    if (part.body.bytes.toString('latin1').trim() === '') return
    problems.add(`a ${type} in which no parts were found was read as text`)
  }
  const text = readText(part, problems)
  const form = type === 'text/html' || (multipart && /^\s*<(!doctype|html|body|div|p)\b/i.test(text)) ? 'html' : 'plain'
  if (into) into[form] = into[form] === null ? text : `${into[form]}\n${text}`
  else sections.push({ plain: null, html: null, [form]: text })
}

function readText(part: Part, problems: Problems): string {
  const { params, type } = part.contentType
  const bytes = part.body?.bytes ?? Buffer.alloc(0)
  const label = params.charset || (type === 'text/html' ? metaCharset(bytes) : null)
  const decoded = decodeText(bytes, label)
  if (decoded.problem) problems.add(decoded.problem)
  let text = decoded.text.replace(/\r\n?/g, '\n')
  if (text.includes('\0')) {
    problems.add('NUL bytes in the text were left out')
    text = text.replaceAll('\0', '')
  }
  const flowed = type === 'text/plain' && params.format?.toLowerCase() === 'flowed'
  return flowed ? joinFlowed(text, params.delsp?.toLowerCase() === 'yes') : text
}

/** HTML that is labelled only within itself: <meta charset> or its http-equiv form. */
function metaCharset(bytes: Buffer): string | null {
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(bytes.toString('latin1', 0, 2048))?.[1] ?? null
}

function plainOf(html: string): string {
  return textOfLines(linesOfHtml(html))
}

function htmlOf(plain: string): string {
  return `<div style="white-space: pre-wrap">${plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</div>`
}
