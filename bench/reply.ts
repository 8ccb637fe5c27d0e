import { extractReply } from '../src/message/reply/extract.ts'
import { parsedOf } from '../test/message/reply/mail.ts'
import { cpu, type Figure } from './measure.ts'

const LINE = 'Vi har genstartet maskinen: den svarer ikke, og der står 12.5.2026 kl. 10:11 i loggen.\n'
const ATTRIBUTION = '\nDen 12. maj 2026 kl. 10.11 skrev Support <support@desk.example>:\n\n'

/** A reply of `size` characters: a fifth is the author's, the rest is quoted. */
function mailOf(size: number): string {
  const own = LINE.repeat(Math.round(size / 5 / LINE.length))
  return own + ATTRIBUTION + `> ${LINE}`.repeat(Math.round((size * 4) / 5 / LINE.length))
}

/** Milliseconds for one extraction, the mean of `rounds` after a warm-up. */
async function extraction(size: number, rounds: number): Promise<number> {
  const parsed = parsedOf({ plain: mailOf(size) })
  for (let round = 0; round < rounds; round++) extractReply(parsed)
  const { ms } = await cpu(() => {
    for (let round = 0; round < rounds; round++) extractReply(parsed)
  })
  return ms / rounds
}

/** Reply extraction: a mail of 15 KB, and how much more one of 1 MB takes than one of 125 KB (8 is linear). */
export async function benchReply(): Promise<Figure[]> {
  const small = await extraction(15_000, 500)
  const growth = (await extraction(1_000_000, 8)) / (await extraction(125_000, 60))
  return [
    { name: 'reply extraction, 15 KB', value: small, unit: 'ms', most: 0.3 },
    { name: 'reply extraction, 1 MB beside 125 KB', value: growth, unit: 'times', most: 14, note: '8 is linear' },
  ]
}
