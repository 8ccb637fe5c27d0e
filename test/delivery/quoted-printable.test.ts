import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { encodedWords, quotedPrintable } from '../../src/delivery/quoted-printable.ts'

/** The text as another library reads it. */
async function decoded(encoded: string): Promise<string> {
  const head = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
  return (await simpleParser(head + encoded)).text ?? ''
}

/** Numbers that look random and are the same in every run (a linear congruential generator). */
function makeDice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const PIECES = [
  ...['a', 'F', ' ', '\t', '.', '=', 'æ', '日', '😀', '\u00a0', '\0', '\x7f', '=3D', 'From ', '> '],
  ...['\n', '\r\n', '\r', 'x'.repeat(36), 'y'.repeat(75), 'å'.repeat(12)],
]

test('any text comes out as it went in, in lines that every server takes', async () => {
  const dice = makeDice(20_261_120)
  for (let round = 0; round < 400; round++) {
    const written = Array.from({ length: dice(60) }, () => PIECES[dice(PIECES.length)] ?? '').join('')
    const encoded = quotedPrintable(written)
    expect(await decoded(`${encoded}$`)).toBe(`${written.replace(/\r\n|\r/g, '\n')}$`)
    for (const line of encoded.split('\r\n')) {
      expect(line).toMatch(/^(?!\.|From )[\t\x20-\x7e]{0,76}$/)
      expect(line).not.toMatch(/[\t ]$/)
    }
  }
})

test('any value of a header comes out as it went in, in words that are short enough', async () => {
  const dice = makeDice(2_047)
  const pieces = ['a', 'Z', ' ', '_', '=', '?', '"', '(', '.', '~', 'æ', '日', '😀', '=?utf-8?q?x?=', ',']
  for (let round = 0; round < 400; round++) {
    const written = Array.from({ length: 1 + dice(60) }, () => pieces[dice(pieces.length)] ?? '').join('')
    const words = encodedWords(`<${written}>`).split(' ')
    for (const word of words) expect(word).toMatch(/^=\?UTF-8\?Q\?[A-Za-z0-9!*+/_=-]{1,63}\?=$/)
    const { subject } = await simpleParser(`Subject: ${words.join('\r\n ')}\r\n\r\nx`)
    expect(subject).toBe(`<${written}>`)
  }
})

test.each([
  ['a line of 75 characters stays whole', 'a'.repeat(75), 'a'.repeat(75)],
  ['a longer one goes on behind an equals sign', 'a'.repeat(77), `${'a'.repeat(75)}=\r\naa`],
  ['no character is cut in two', `${'a'.repeat(68)}日`, `${'a'.repeat(68)}=\r\n=E6=97=A5`],
  ['spaces at the end of a line are kept', 'a \nb\t', 'a=20\r\nb=09'],
  ['a dot that stands first is hidden from servers', '.\na.', '=2E\r\na.'],
  ['so is a From', 'From here\nFrom\n', '=46rom here\r\nFrom\r\n'],
])('%s', (_, written, encoded) => {
  expect(quotedPrintable(written)).toBe(encoded)
})
