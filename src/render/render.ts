import type { Language } from '../model/language.ts'
import { type MailTemplate, type Templates, templateKey } from './load.ts'
import { type Look, lookOf } from './look.ts'
import type { MailKind, MailView, RenderedMail } from './view.ts'

/** An administrator's own template that could not be filled in. The mail was made with the one that came with the program. */
export interface TemplateProblem {
  kind: MailKind
  language: Language
  /** The own files that the template is made of: one of them is at fault. */
  files: readonly string[]
  error: unknown
}

/**
 * Fills in one mail. In the text part values stand verbatim; in the HTML part they are escaped.
 * The subject is one line when the view's values are. An own template that throws stops no mail: `report` hears of it,
 * and the built-in one is used. Throws when that one throws, or when there is none for the kind (a bug).
 */
export function renderNotice(
  templates: Templates,
  view: MailView,
  language: Language,
  report?: (problem: TemplateProblem) => void,
): RenderedMail {
  const template = templates.mail.get(templateKey(view.kind, language))
  if (!template) throw new Error(`no mail template ${view.kind}/${language}`)
  const look = lookOf(view.brand.color)
  if (template.builtIn === null) return fill(template, view, look)
  try {
    return fill(template, view, look)
  } catch (error) {
    report?.({ kind: view.kind, language, files: template.own, error })
    return fill(template.builtIn, view, look)
  }
}

function fill(template: MailTemplate, view: MailView, look: Look): RenderedMail {
  const subject = template.subject(view)
  const data = { ...view, subject, look }
  return { subject, text: template.text(data), html: template.html(data) }
}
