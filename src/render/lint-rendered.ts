import { relative } from 'node:path'
import { EXAMPLES } from './examples.ts'
import type { Finding, LintContext } from './lint-finding.ts'
import { KINDS, type MailTemplate, openLoaders, type Templates, templateKey } from './load.ts'
import { renderNotice } from './render.ts'
import { sparseView } from './sparse.ts'
import type { MailKind, MailView, RenderedMail } from './view.ts'

/** Bytes of HTML: what is above it Gmail cuts off, and hides what stands below. */
const MOST_HTML = 100_000

/**
 * What is wrong with mails that are made with own templates: too large, or not to be made where something is missing that
 * a mail may be without. Of `files` those with `errors` are left out: they have been told.
 */
export function lintRendered(
  { builtIn, folder }: LintContext,
  { files, errors }: { files: readonly string[]; errors: readonly Finding[] },
): Finding[] {
  if (errors.some((it) => COMMON.test(it.file))) return []
  const findings: Finding[] = []
  const told = new Set(errors.map((it) => it.file))
  for (const loader of openLoaders([builtIn, folder]))
    for (const kind of kindsOf(files)) {
      const key = templateKey(kind, loader.language)
      try {
        const template = loader.load(kind)
        // Not that of the program in its place: what is looked at is whether this one can be filled in.
        const own = new Map([[key, { ...template, builtIn: null }]])
        if (template.own.length > 0) findings.push(...lintMail({ mail: own }, { template, folder, key }))
      } catch (error) {
        if (errors.length > 0) continue
        const message = error instanceof Error ? error.message : String(error)
        findings.push({ level: 'error', file: `mail/${key}.md`, line: null, what: message, todo: STOPS })
      }
    }
  return findings.filter((it) => !told.has(it.file))
}

/** What many kinds have in common: with a mistake there, none of them tells anything more. */
const COMMON = /^(?:strings|mail\/parts)\/|^mail\/layout/

/** The kinds that own files change: all, where something is changed that they have in common. */
function kindsOf(files: readonly string[]): MailKind[] {
  return files.some((it) => COMMON.test(it))
    ? KINDS
    : KINDS.filter((kind) => files.some((it) => it.startsWith(`mail/${kind}/`)))
}

const STOPS = 'the program would not start with it'

function lintMail(
  templates: Templates,
  { template, folder, key }: { template: MailTemplate; folder: string; key: string },
): Finding[] {
  const own = template.own.map((it) => relative(folder, it))
  const file = own.find((it) => it === `mail/${key}.md`) ?? own[0] ?? `mail/${key}.md`
  const [kind = '', language = ''] = key.split('/')
  const example = Object.values(EXAMPLES).find((it) => it.kind === kind)
  if (!example) return []
  const render = (view: MailView) => renderNotice(templates, view, language as Parameters<typeof renderNotice>[2])
  const size = Buffer.byteLength(render(example).html)
  const large: Finding = {
    ...{ level: 'error', file, line: null },
    what: `it makes more than ${MOST_HTML / 1_000} kB of HTML, where Gmail cuts mails off`,
    todo: 'make it shorter; what a customer writes comes on top of it',
  }
  const missing = whyNotSparse(() => render(sparseView(example)))
  const unguarded = missing === null ? [] : [{ ...{ level: 'error' as const, file, line: null }, ...missing }]
  return [...(size > MOST_HTML ? [large] : []), ...unguarded]
}

/** What goes wrong where all that a mail may be without is missing. */
function whyNotSparse(render: () => RenderedMail): { what: string; todo: string } | null {
  const todo = 'put {{#if x}} … {{/if}} around what is not always there, as the built-in text does'
  try {
    const { subject, text, html } = render()
    if (/href=""|src=""/.test(html)) return { what: 'a link or a picture leads nowhere where its hole is empty', todo }
    return /\b(?:null|undefined)\b/.test(subject + text)
      ? { what: "'null' is written where a hole is empty", todo }
      : null
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { what: `it cannot be filled in where a hole is empty (${message.split('\n', 1)[0]})`, todo }
  }
}
