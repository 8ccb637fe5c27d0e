import Handlebars from 'handlebars'
import type { Language } from '../model/language.ts'
import { breaks, buttonHtml, linkHtml, listHtml, quietHtml, saidHtml } from './blocks.ts'
import { type Formats, formatsOf } from './formats.ts'
import { articleItem, caseItem, commentedItem, failureItem, ownCaseItem, sectionHtml, sectionText } from './lists.ts'
import { type Look, lookOf } from './look.ts'
import { actionsHtml, actionsText, type Done, outcomes, type Refused, refusals, type Usage, usages } from './receipt.ts'
import type {
  ActionView,
  ArticleView,
  CommentedArticleView,
  DigestCaseView,
  FailedMailView,
  FileView,
  MailView,
  OwnCaseView,
  SectionView,
} from './view.ts'
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
  'quiet',
  'moment',
  'day',
  'date',
  'number',
  'count',
  'named',
  'cases',
  'ownCases',
  'failures',
  'articles',
  'commented',
] as const
type Helpers = Record<(typeof HELPERS)[number], Handlebars.HelperDelegate>
type Shown<Item> = NonNullable<SectionView<Item>>

const safe = (html: string) => new Handlebars.SafeString(html)

/** For the text part: everything verbatim. */
export function textHelpers(language: Language, words: Words): Helpers {
  const formats = formatsOf(language, words)
  const about = { words, formats }
  return {
    ...plainHelpers(words, formats),
    button: (key: string, url: string) => `${words[key]}: ${url}`,
    quiet: (key: string, url: string) => `${words[key]}: ${url}`,
    link: (key: string, url: string) => `${words[key]}: ${url}`,
    said: (text: string) => text,
    files: (files: FileView[]) => bullets(files.map((file) => fileLabel(file, formats))),
    lines: (text: string) => text,
    outcome: (done: Done[]) => bullets(outcomes(done, words)),
    refusals: (refused: Refused[]) => bullets(refusals(refused, words)),
    usages: (help: Usage[]) => bullets(usages(help, words)),
    actions: (actions: ActionView[]) => `${words['agent.commands']} ${actionsText(actions, words)}`,
    cases: (list: Shown<DigestCaseView>, zone: string) => sectionText(list, (it) => caseItem(it, zone, about), about),
    ownCases: (list: Shown<OwnCaseView>, zone: string) =>
      sectionText(list, (it) => ownCaseItem(it, zone, about), about),
    articles: (list: Shown<ArticleView>, zone: string) =>
      sectionText(list, (it) => articleItem(it, zone, about), about),
    commented: (list: Shown<CommentedArticleView>, zone: string) =>
      sectionText(list, (it) => commentedItem(it, zone, about), about),
    failures: (list: Shown<FailedMailView>) => sectionText(list, failureItem, about),
  }
}

/** For the HTML part: everything escaped; what a person wrote keeps its lines and its direction of writing. */
export function htmlHelpers(language: Language, words: Words): Helpers {
  const formats = formatsOf(language, words)
  const about = { words, formats }
  return {
    ...plainHelpers(words, formats),
    button: (key: string, url: string, options: HelperOptions) =>
      safe(buttonHtml(words[key] ?? key, url, lookIn(options))),
    quiet: (key: string, url: string, options: HelperOptions) =>
      safe(quietHtml(words[key] ?? key, url, lookIn(options))),
    link: (key: string, url: string, options: HelperOptions) => safe(linkHtml(words[key] ?? key, url, lookIn(options))),
    said: (text: string, options: HelperOptions) => safe(saidHtml(text, lookIn(options))),
    files: (files: FileView[]) => safe(listHtml(files.map((file) => fileLabel(file, formats)))),
    lines: (text: string) => safe(breaks(text)),
    outcome: (done: Done[]) => safe(listHtml(outcomes(done, words))),
    refusals: (refused: Refused[]) => safe(listHtml(refusals(refused, words))),
    usages: (help: Usage[]) => safe(listHtml(usages(help, words))),
    actions: (actions: ActionView[], options: HelperOptions) => safe(actionsHtml(actions, words, lookIn(options))),
    cases: (list: Shown<DigestCaseView>, zone: string, options: HelperOptions) =>
      safe(sectionHtml(list, (it) => caseItem(it, zone, about), about, lookIn(options))),
    ownCases: (list: Shown<OwnCaseView>, zone: string, options: HelperOptions) =>
      safe(sectionHtml(list, (it) => ownCaseItem(it, zone, about), about, lookIn(options))),
    articles: (list: Shown<ArticleView>, zone: string, options: HelperOptions) =>
      safe(sectionHtml(list, (it) => articleItem(it, zone, about), about, lookIn(options))),
    commented: (list: Shown<CommentedArticleView>, zone: string, options: HelperOptions) =>
      safe(sectionHtml(list, (it) => commentedItem(it, zone, about), about, lookIn(options))),
    failures: (list: Shown<FailedMailView>, options: HelperOptions) =>
      safe(sectionHtml(list, failureItem, about, lookIn(options))),
  }
}

/** What is the same in both parts; in HTML Handlebars escapes it. `named`: what a value is called, by the string `<group>.<value>`. */
function plainHelpers(words: Words, formats: Formats) {
  return {
    ...formats,
    status: (status: string) => words[`status.${status}`] ?? status,
    named: (group: string, value: string) => words[`${group}.${value}`] ?? value,
  }
}

type HelperOptions = Handlebars.HelperOptions

/** The colours of the mail that is being filled in. */
function lookIn({ data }: HelperOptions): Look {
  return lookOf((data.root as MailView).brand.color)
}

const bullets = (lines: string[]) => lines.map((line) => `- ${line}`).join('\n')

function fileLabel(file: FileView, formats: Formats): string {
  return `${file.filename} (${formats.size(file.size)})`
}
