import Handlebars from 'handlebars'
import type { Look } from './look.ts'

/**
 * The blocks of HTML that mails are made of. Mail clients drop style sheets, so each carries its own style, and the
 * classes are for dark mode alone (templates/mail/layout.hbs). Outlook on Windows lays out with Word: it knows padding
 * on cells only, hence the tables.
 */
const escapeHtml = Handlebars.escapeExpression

/** Of the elements that Markdown makes, by tag. */
export const STYLES: Readonly<Record<string, string>> = {
  p: 'margin:0 0 16px;',
  ul: 'margin:0 0 16px;padding:0 0 0 24px;',
  ol: 'margin:0 0 16px;padding:0 0 0 24px;',
  li: 'margin:0 0 6px;',
  h1: 'margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600;',
  h2: 'margin:28px 0 10px;font-size:17px;line-height:1.3;font-weight:600;',
  h3: 'margin:20px 0 8px;font-size:16px;line-height:1.3;font-weight:600;',
  hr: 'margin:24px 0;border:0;border-top:1px solid #dfe3e8;',
  code: 'font-family:Consolas,Menlo,monospace;font-size:14px;',
  blockquote: 'margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #dfe3e8;',
  // Filled in with each mail: the brand's colour, as it can be read.
  a: 'color:{{look.link}};text-decoration:underline;',
}

const TABLE = '<table role="presentation" cellpadding="0" cellspacing="0" border="0"'
const SAID =
  'padding:14px 16px;background:#f2f4f7;color:#1c2127;white-space:pre-wrap;overflow-wrap:anywhere;word-wrap:break-word;word-break:break-word;'
const BUTTON =
  "display:inline-block;padding:12px 24px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:20px;font-weight:600;text-decoration:none;border-radius:6px;mso-padding-alt:0;"

/** A cell with a background, so that it is a button without images; Word puts the cell's padding around the words. */
export function buttonHtml(label: string, url: string, look: Look): string {
  const { button, onButton, edge } = look
  return (
    `${TABLE} style="margin:4px 0 20px;border-collapse:separate;"><tr>` +
    `<td class="button" align="center" bgcolor="${button}" style="border-radius:6px;background:${button};border:1px solid ${edge};mso-padding-alt:12px 24px;">` +
    `<a href="${escapeHtml(url)}" style="${BUTTON}color:${onButton};">${escapeHtml(label)}</a></td></tr></table>`
  )
}

/** The second of two buttons: an outline, so that the first one is seen first. */
export function quietHtml(label: string, url: string, look: Look): string {
  return (
    `${TABLE} style="margin:4px 0 20px;border-collapse:separate;"><tr>` +
    `<td class="quiet" align="center" style="border-radius:6px;border:1px solid ${look.link};mso-padding-alt:12px 24px;">` +
    `<a class="link" href="${escapeHtml(url)}" style="${BUTTON}color:${look.link};">${escapeHtml(label)}</a></td></tr></table>`
  )
}

/** A link in a line of text. */
export function linkHtml(label: string, url: string, look: Look): string {
  return `<a class="link" href="${escapeHtml(url)}" style="${(STYLES.a ?? '').replace('{{look.link}}', look.link)}">${escapeHtml(label)}</a>`
}

/** What a person wrote: it keeps its lines and its direction of writing, and no word of it is wider than the mail. */
export function saidHtml(text: string, look: Look): string {
  return (
    `${TABLE} width="100%" style="width:100%;table-layout:fixed;margin:0 0 16px;"><tr>` +
    `<td class="said" dir="auto" bgcolor="#f2f4f7" style="${SAID}border-left:3px solid ${look.button};">${breaks(text)}</td></tr></table>`
  )
}

/** A list of lines. */
export function listHtml(lines: string[]): string {
  const items = lines.map((line) => `<li style="${STYLES.li}">${escapeHtml(line)}</li>`)
  return `<ul style="${STYLES.ul}">${items.join('')}</ul>`
}

/** Escaped, with its line ends. */
export function breaks(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>')
}
