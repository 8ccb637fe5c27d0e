import { describe, expect, it } from 'vitest'
import type { Line } from '../../../src/message/line.ts'
import { findCuts } from '../../../src/message/reply/cuts.ts'
import { extractReply } from '../../../src/message/reply/extract.ts'
import { linesOfPlain } from '../../../src/message/reply/lines.ts'
import { rolesOf } from '../../../src/message/reply/roles.ts'
import { parsedOf } from './mail.ts'

/** Lines that make the algorithm look around as much as they can. */
const HARD: Record<string, string> = {
  'answers between quotes': '> q\nYes\n\n',
  attributions: 'Kim <kim@x.example> wrote on 4.5.2026 at 10:11:\n\n',
  'wrapped attributions': 'On Monday 4.5.2026 at 10:11 a person with a very long name indeed\nwrote\n> x\n',
  'header lines': 'From: a\n',
  'header lines with gaps': 'From: a\n\n',
  'lists of recipients': 'To: a@b.example,\n c@d.example,\n',
  separators: '--- x ---\n',
  'unknown separators': '---- abc ----\nFrom: a\nTo: b\n',
  'empty lines': 'a:\n\n\n\n\n\n\n\n',
  signatures: '-- \nx\n',
  'list footers': '__\nx\n',
  phones: 'Sent from my iPhone\n',
  markers: '##- write above -##\n',
  bars: 'at 10:11 a@b.example:\n| x\n',
}

/** How often lines are looked at. */
function looks(text: string): number {
  let count = 0
  const lines = new Proxy(linesOfPlain(text), {
    get(target: Line[], key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) count++
      return Reflect.get(target, key, receiver)
    },
  })
  const cuts = findCuts(lines).filter((cut) => cut.kind === 'quote')
  rolesOf(lines, cuts, lines.length)
  return count
}

describe('the work grows with the text', () => {
  it.each(Object.entries(HARD))('and no faster, for %s', (_what, piece) => {
    expect(looks(piece.repeat(800)) / looks(piece.repeat(400))).toBeLessThan(2.3)
  })

  it('and 10,000 levels of quotes are read as they are, written with few signs', () => {
    const plain = `Mine\n\n${Array.from({ length: 10 }, (_, at) => `${'>'.repeat(at * 1000 + 1000)} deep ${at}`).join('\n')}\n`
    const parts = extractReply(parsedOf({ plain }))
    expect(parts.reply).toBe('Mine')
    expect(parts.quoted).toContain('deep 9')
  })

  it('and a nested HTML quote is not written longer than a multiple of itself', () => {
    const html = `<p>Mine</p>${'<blockquote type="cite">x'.repeat(10_000)}`
    const parts = extractReply(parsedOf({ html }))
    expect(parts.reply).toBe('Mine')
    expect(parts.quoted.length).toBeLessThan(10 * html.length)
  })
})
