import type { Language } from '../model/language.ts'
import { type Templates, templateKey } from './load.ts'
import { lookOf } from './look.ts'
import type { MailView, RenderedMail } from './view.ts'

/**
 * Fills in one mail. In the text part values stand verbatim; in the HTML part they are escaped.
 * The subject is one line when the view's values are. Throws when there is no template for the kind (a bug).
 */
export function renderNotice(templates: Templates, view: MailView, language: Language): RenderedMail {
  const template = templates.mail.get(templateKey(view.kind, language))
  if (!template) throw new Error(`no mail template ${view.kind}/${language}`)
  const subject = template.subject(view)
  const data = { ...view, subject, look: lookOf(view.brand.color) }
  return { subject, text: template.text(data), html: template.html(data) }
}
