import Handlebars from 'handlebars'
import { linkHtml, STYLES } from './blocks.ts'
import type { Look } from './look.ts'
import type { ActionView } from './view.ts'
import type { Words } from './words.ts'

/** One thing that was done, one line that was refused, one command of the list. */
export type Done = { key: string; value: string }
export type Refused = { line: string; why: string }
export type Usage = { name: string; usage: string }

/** What was done, a sentence each; a status is named in the reader's language. */
export function outcomes(done: Done[], words: Words): string[] {
  return done.map(({ key, value }) => {
    const shown = key === 'status' ? (words[`status.${value}`] ?? value) : value
    return (words[`done.${key}`] ?? `${key} {value}`).replaceAll('{value}', () => shown)
  })
}

/** What was not done, each line with the reason. */
export function refusals(refused: Refused[], words: Words): string[] {
  return refused.map(({ line, why }) => `${line}: ${words[`refused.${why}`] ?? why}`)
}

/** The commands, each with what it does. */
export function usages(help: Usage[], words: Words): string[] {
  return help.map(({ name, usage }) => `${usage}: ${words[`help.${name}`] ?? name}`)
}

/** The usual commands on one line, for people who read text. */
export function actionsText(actions: ActionView[], words: Words): string {
  return actions.map(({ name, line }) => `${line} (${words[`help.${name}`] ?? name})`).join(', ')
}

/** The same, each command a link that begins a mail with it. */
export function actionsHtml(actions: ActionView[], words: Words, look: Look): string {
  const escaped = Handlebars.escapeExpression
  const links = actions.map(({ name, line, url }) => {
    const shown = url === null ? escaped(line) : linkHtml(line, url, look)
    return `<span style="white-space:nowrap;">${shown}</span> (${escaped(words[`help.${name}`] ?? name)})`
  })
  return `<p class="faint" style="${STYLES.p}font-size:14px;color:#5d6675;">${escaped(words['agent.commands'] ?? '')} ${links.join(', ')}</p>`
}
