import Handlebars from 'handlebars'
import type { Language } from '../model/language.ts'
import { breaks, buttonHtml, linkHtml, listHtml, saidHtml } from './blocks.ts'
import { type Look, lookOf } from './look.ts'
import { actionsHtml, actionsText, type Done, outcomes, type Refused, refusals, type Usage, usages } from './receipt.ts'
import type { ActionView, FileView, MailView } from './view.ts'
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

const safe = (html: string) => new Handlebars.SafeString(html)

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
    button: (key: string, url: string, options: HelperOptions) =>
      safe(buttonHtml(words[key] ?? key, url, lookIn(options))),
    link: (key: string, url: string, options: HelperOptions) => safe(linkHtml(words[key] ?? key, url, lookIn(options))),
    said: (text: string, options: HelperOptions) => safe(saidHtml(text, lookIn(options))),
    files: (files: FileView[]) => safe(filesHtml(files, language)),
    lines: (text: string) => safe(breaks(text)),
    size: (bytes: number) => sizeLabel(bytes, language),
    status: (status: string) => words[`status.${status}`] ?? status,
    outcome: (done: Done[]) => safe(listHtml(outcomes(done, words))),
    refusals: (refused: Refused[]) => safe(listHtml(refusals(refused, words))),
    usages: (help: Usage[]) => safe(listHtml(usages(help, words))),
    actions: (actions: ActionView[], options: HelperOptions) => safe(actionsHtml(actions, words, lookIn(options))),
  }
}

type HelperOptions = Handlebars.HelperOptions

/** The colours of the mail that is being filled in. */
function lookIn({ data }: HelperOptions): Look {
  return lookOf((data.root as MailView).brand.color)
}

function filesHtml(files: FileView[], language: Language): string {
  return listHtml(files.map((file) => fileLabel(file, language)))
}

const bullets = (lines: string[]) => lines.map((line) => `- ${line}`).join('\n')

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
