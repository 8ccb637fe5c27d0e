import Handlebars from 'handlebars'
import { linkHtml, STYLES } from './blocks.ts'
import type { Formats } from './formats.ts'
import type { Look } from './look.ts'
import type {
  ArticleView,
  CommentedArticleView,
  DigestCaseView,
  FailedMailView,
  OwnCaseView,
  SectionView,
} from './view.ts'
import type { Words } from './words.ts'

/** One item of a digest: what it is called, where it is read, and what there is to know of it. */
export interface ListItem {
  label: string
  url: string | null
  facts: string[]
}

/** What makes items: the words of a language and its way of writing dates. */
export interface ListWords {
  words: Words
  formats: Formats
}

/** A case as agents look at it. Who works on it is left out where nobody does. */
export function caseItem(it: DigestCaseView, timeZone: string, { words, formats }: ListWords): ListItem {
  const status = words[`status.${it.status}`] ?? it.status
  const assignee = it.assignee === null ? '' : put(words['digest.assignee'], it.assignee)
  return { ...labelOf(it), facts: [status, it.contact, assignee, since(it, timeZone, { words, formats })] }
}

/** A case as its contact looks at it: what changed, and since when there is the case. Their own name would tell them nothing. */
export function ownCaseItem(it: OwnCaseView, timeZone: string, { words, formats }: ListWords): ListItem {
  const nameOf = (status: string) => words[`status.own.${status}`] ?? words[`status.${status}`] ?? status
  const was = it.was === null || it.was === it.status ? '' : put(words['digest.was'], nameOf(it.was))
  const comments = it.comments === 0 ? '' : formats.count('plural.comments', it.comments)
  const solved = it.solved ? (words['digest.solution'] ?? '') : ''
  const opened = put(words['digest.opened'], formats.date(it.since, timeZone))
  return { ...labelOf(it), facts: [nameOf(it.status), was, comments, solved, opened] }
}

export function failureItem(it: FailedMailView): ListItem {
  return { label: it.number === null ? it.to : `#${it.number}: ${it.to}`, url: null, facts: [it.why] }
}

export function articleItem(it: ArticleView, timeZone: string, { formats }: ListWords): ListItem {
  return { label: it.title, url: it.url, facts: [it.area, it.author ?? '', formats.date(it.at, timeZone)] }
}

export function commentedItem(it: CommentedArticleView, timeZone: string, { formats }: ListWords): ListItem {
  const comments = formats.count('plural.comments', it.comments)
  return { label: it.title, url: it.url, facts: [it.area, comments, formats.date(it.at, timeZone)] }
}

/** A part of a digest for people who read text: each item with its facts and its link on lines of their own. */
export function sectionText<Item>(section: Shown<Item>, toItem: (item: Item) => ListItem, it: ListWords): string {
  const lines = section.items.map(toItem).flatMap(({ label, url, facts }) => {
    const known = joined(facts)
    return [`- ${label}`, ...(known === '' ? [] : [`  ${known}`]), ...(url === null ? [] : [`  ${url}`])]
  })
  return [...lines, ...moreOf(section, it)].join('\n')
}

/** The same in HTML, everything escaped. A title in a script from right to left turns nothing around it. */
export function sectionHtml<Item>(
  section: Shown<Item>,
  toItem: (item: Item) => ListItem,
  it: ListWords,
  look: Look,
): string {
  const items = section.items.map(toItem).map(({ label, url, facts }) => {
    const name = url === null ? `<strong>${escaped(label)}</strong>` : linkHtml(label, url, look)
    const known = joined(facts)
    return `<li style="${ITEM}"><bdi>${name}</bdi>${known === '' ? '' : `<br><span class="faint" style="${FACTS}">${escaped(known).replaceAll(' · ', '&nbsp;· ')}</span>`}</li>`
  })
  const more = moreOf(section, it).map((line) => `<p style="${STYLES.p}">${escaped(line)}</p>`)
  return `<ul style="margin:0 0 12px;padding:0 0 0 20px;">${items.join('')}</ul>${more.join('')}`
}

type Shown<Item> = NonNullable<SectionView<Item>>

const escaped = Handlebars.escapeExpression
const ITEM = 'margin:0 0 8px;overflow-wrap:anywhere;'
const FACTS = 'font-size:14px;color:#667080;'

const labelOf = ({ number, title, url }: DigestCaseView) => ({ label: `#${number} ${title}`, url })
const joined = (facts: string[]) => facts.filter((fact) => fact !== '').join(' · ')
const put = (pattern: string | undefined, value: string) => (pattern ?? '{value}').replace('{value}', () => value)

/** What is over is over on a day; what goes on has gone on since then. */
function since({ status, since: at }: DigestCaseView, timeZone: string, { words, formats }: ListWords): string {
  const date = formats.date(at, timeZone)
  return status === 'solved' || status === 'closed' ? date : put(words['digest.since'], date)
}

function moreOf({ more }: { more: number }, { formats }: ListWords): string[] {
  return more > 0 ? [formats.count('plural.more', more)] : []
}
