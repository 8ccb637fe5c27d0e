import { type Finding, lineAt } from './lint-finding.ts'

/** What mail programs take out of a mail, or never load. */
const DROPPED: readonly { pattern: RegExp; what: string; todo: string }[] = [
  {
    pattern: /<(script|form|input|button|select|textarea|iframe|object|embed|video|audio|canvas|base)\b/gi,
    what: 'mail programs drop <$1>',
    todo: 'take it out; {{button "key" url}} makes a button that works everywhere',
  },
  {
    pattern: /<link\b[^>]*>|@import\b[^;]*;?/gi,
    what: 'mail programs load no style sheet from elsewhere',
    todo: 'write the styles on the elements; a <style> block is for dark mode and narrow windows alone',
  },
  { pattern: /\son[a-z]+\s*=\s*["'{]/gi, what: 'mail programs run no script', todo: 'take the attribute out' },
  {
    pattern: /position\s*:\s*(?:absolute|fixed|sticky)/gi,
    what: 'mail programs drop position',
    todo: 'lay out with tables',
  },
  {
    pattern: /<svg\b/gi,
    what: 'most mail programs show no <svg>',
    todo: 'use an <img> of a PNG that is served with https',
  },
]

/** What mail programs would drop out of a layout. */
export function lintDropped(file: string, source: string): Finding[] {
  return DROPPED.flatMap(({ pattern, what, todo }) =>
    [...source.matchAll(pattern)].map((found) => ({
      level: 'error' as const,
      file,
      line: lineAt(source, found.index),
      what: what.replace('$1', found[1] ?? ''),
      todo,
    })),
  )
}

/** Tags in a Markdown text: they are shown as they stand. */
export function lintTags(file: string, source: string): Finding[] {
  const tags = source.matchAll(/<\/?(?:a|b|br|div|em|font|h[1-6]|i|img|p|span|strong|table|td|tr|u|ul|li)\b[^>]*>/gi)
  return [...tags].map((found) => ({
    level: 'warning',
    file,
    line: lineAt(source, found.index),
    what: `'${found[0].slice(0, 40)}' will be seen as it stands, since texts are Markdown`,
    todo: 'write **bold**, *slanted*, - lists and [words](https://…); HTML may stand in mail/layout.hbs',
  }))
}

/** Where links and images of a Markdown text or a layout lead: to https, to a mail address, a telephone, or a hole. */
export function lintLinks(file: string, source: string): Finding[] {
  const places = [
    ...source.matchAll(/\]\(\s*<?([^)>\s]*)/g),
    ...source.matchAll(/\b(?:href|src|background)\s*=\s*["']([^"']*)["']/gi),
    ...source.matchAll(/<(https?:[^>\s]*)>/gi),
  ]
  return places.flatMap((found) => {
    const target = found[1] ?? ''
    const why = whyBroken(target)
    if (why === null) return []
    const line = lineAt(source, found.index)
    return [
      { level: 'error' as const, file, line, what: `the link '${target.slice(0, 80)}' ${why.what}`, todo: why.todo },
    ]
  })
}

function whyBroken(target: string): { what: string; todo: string } | null {
  const todo = 'a link is https://…, mailto:somebody@…, tel:… or a hole such as {{case.url}}'
  if (target === '') return { what: 'leads nowhere', todo }
  // What a hole holds is not known before the mail is made; only its place can be looked at.
  if (/^\{\{[^{}]+\}\}/.test(target)) return null
  const filled = target.replace(/\{\{[^{}]*\}\}/g, 'x')
  if (/^mailto:/i.test(filled))
    return /^mailto:[^@\s]+@[^@\s]+\.[^@\s]+$/i.test(filled) ? null : { what: 'names no mail address', todo }
  if (/^tel:/i.test(filled)) return /^tel:\+?[\d.() -]{3,}$/i.test(filled) ? null : { what: 'names no number', todo }
  if (/^http:/i.test(filled)) return { what: 'is not encrypted', todo: 'write https://' }
  if (!/^https:\/\//i.test(filled)) return { what: 'leads nowhere from within a mail', todo }
  const host = URL.canParse(filled) ? new URL(filled).hostname : ''
  return /[^.]\.[^.]/.test(host) ? null : { what: 'is no address of a page', todo }
}
