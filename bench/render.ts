import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { LANGUAGES } from '../src/model/language.ts'
import { EXAMPLES } from '../src/render/examples.ts'
import { loadTemplates } from '../src/render/load.ts'
import { renderNotice } from '../src/render/render.ts'
import type { DigestCaseView, MailView } from '../src/render/view.ts'
import type { Figure } from './measure.ts'

const ROUNDS = 40
/** As many lines as a part of a digest has at the most. */
const LINES = 10

/** What filling in a mail costs, text and HTML: the median of all kinds in all languages, and a digest with all its lines. */
export async function benchRender(): Promise<Figure[]> {
  const templates = loadTemplates([join(import.meta.dirname, '../templates')])
  const all = Object.values(EXAMPLES)
  const time = (views: MailView[]) => {
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++)
      for (const view of views)
        for (const language of LANGUAGES) {
          const start = performance.now()
          renderNotice(templates, view, language)
          times.push(performance.now() - start)
        }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
  }
  // Once for the compilers: Handlebars compiles a template when it is first used.
  time(all)
  return [
    { name: 'rendering a mail, text and HTML', value: time(all), unit: 'ms', most: 0.15, note: 'median of all kinds' },
    { name: 'rendering an agent’s digest of 50 cases', value: time([fullDigest()]), unit: 'ms', note: 'median' },
  ]
}

function fullDigest(): MailView {
  const example = EXAMPLES['agent-digest']
  const it = example.digest.opened?.items[0]
  if (!it) throw new Error('the example of a digest has no case')
  const items = Array.from({ length: LINES }, (_, at): DigestCaseView => ({ ...it, number: 1_000 + at }))
  const section = { of: 40, more: 30, items }
  const parts = { opened: section, waitingOnUs: section, waitingLongest: section, unassigned: section, solved: section }
  return { ...example, digest: { ...example.digest, ...parts } }
}
