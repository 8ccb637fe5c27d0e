import Handlebars from 'handlebars'
import type { Language } from '../model/language.ts'
import { actionsHtml, actionsText, type Done, outcomes, type Refused, refusals, type Usage, usages } from './receipt.ts'
import type { ActionView, FileView } from './view.ts'
import type { Words } from './words.ts'

/** The helpers that a mail text may use, besides {{word "key"}}, which is filled in at load. */
export const HELPERS = [
  'button',
  'link',
  'said',
  'files',
  'lines',
  'size',
  'status',
  'outcome',
  'refusals',
  'usages',
  'actions',
] as const
type Helpers = Record<(typeof HELPERS)[number], Handlebars.HelperDelegate>

const escapeHtml = Handlebars.escapeExpression
const safe = (html: string) => new Handlebars.SafeString(html)
const breaks = (text: string) => escapeHtml(text).replaceAll('\n', '<br>')

/** For the text part: everything verbatim. */
export function textHelpers(language: Language, words: Words): Helpers {
  return {
    button: (key: string, url: string) => `${words[key]}: ${url}`,
    link: (key: string, url: string) => `${words[key]}: ${url}`,
    said: (text: string) => text,
    files: (files: FileView[]) => files.map((file) => `- ${fileLabel(file, language)}`).join('\n'),
    lines: (text: string) => text,
    size: (bytes: number) => sizeLabel(bytes, language),
    status: (status: string) => words[`status.${status}`] ?? status,
    outcome: (done: Done[]) => bullets(outcomes(done, words)),
    refusals: (refused: Refused[]) => bullets(refusals(refused, words)),
    usages: (help: Usage[]) => bullets(usages(help, words)),
    actions: (actions: ActionView[]) => `${words['agent.commands']} ${actionsText(actions, words)}`,
  }
}

/** For the HTML part: everything escaped; what a person wrote keeps its lines and its direction of writing. */
export function htmlHelpers(language: Language, words: Words): Helpers {
  return {
    button: (key: string, url: string) => safe(buttonHtml(words[key] ?? key, url)),
    link: (key: string, url: string) =>
      safe(`<a class="link" href="${escapeHtml(url)}">${escapeHtml(words[key] ?? key)}</a>`),
    said: (text: string) => safe(`<div class="said" dir="auto" style="${SAID}">${breaks(text)}</div>`),
    files: (files: FileView[]) => safe(filesHtml(files, language)),
    lines: (text: string) => safe(breaks(text)),
    size: (bytes: number) => sizeLabel(bytes, language),
    status: (status: string) => words[`status.${status}`] ?? status,
    outcome: (done: Done[]) => safe(listHtml(outcomes(done, words))),
    refusals: (refused: Refused[]) => safe(listHtml(refusals(refused, words))),
    usages: (help: Usage[]) => safe(listHtml(usages(help, words))),
    actions: (actions: ActionView[]) => safe(actionsHtml(actions, words)),
  }
}

const SAID =
  'margin:0 0 16px;padding:12px 16px;border-left:3px solid #2f6fed;background:#f5f7fa;white-space:pre-wrap;overflow-wrap:anywhere;word-break:break-word;'
const BUTTON =
  'display:inline-block;padding:10px 22px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:6px;'

/** A table cell with a background: a button without images, in Outlook too. */
function buttonHtml(label: string, url: string): string {
  return (
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 20px;"><tr>' +
    '<td bgcolor="#1f5fd0" style="border-radius:6px;background:#1f5fd0;">' +
    `<a href="${escapeHtml(url)}" style="${BUTTON}">${escapeHtml(label)}</a></td></tr></table>`
  )
}

function filesHtml(files: FileView[], language: Language): string {
  return listHtml(files.map((file) => fileLabel(file, language)))
}

const bullets = (lines: string[]) => lines.map((line) => `- ${line}`).join('\n')

function listHtml(lines: string[]): string {
  const items = lines.map((line) => `<li style="margin:0 0 4px;">${escapeHtml(line)}</li>`)
  return `<ul style="margin:0 0 16px;padding:0 0 0 24px;">${items.join('')}</ul>`
}

function fileLabel(file: FileView, language: Language): string {
  return `${file.filename} (${sizeLabel(file.size, language)})`
}

const formats = new Map<Language, Intl.NumberFormat>()

/** Bytes as people read them, in the language's way of writing numbers: '12,3 MB'. A MB is 2^20 bytes, as in the limits. */
export function sizeLabel(bytes: number, language: Language): string {
  let format = formats.get(language)
  if (!format) {
    format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
    formats.set(language, format)
  }
  const [value, unit] = bytes < 1_048_576 ? [bytes / 1_024, 'kB'] : [bytes / 1_048_576, 'MB']
  return `${format.format(value)} ${unit}`
}
