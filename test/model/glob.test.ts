import { describe, expect, it } from 'vitest'
import { fold, matchesGlob, readGlob } from '../../src/model/glob.ts'

describe('a pattern', () => {
  it.each([
    ['printer', 'Min PRINTER er død', true],
    ['printer', 'Min skærm', false],
    ['*@shop.test', 'kim@shop.test', true],
    ['*@shop.test', 'kim@shop.test.evil.test', false],
    ['news*', 'newsletter', true],
    ['news*', 'my news', false],
    ['*', '', true],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'acb', false],
    ['ab*bc', 'abc', false],
    ['*.exe', 'invoice.pdf.EXE', true],
    ['ærø*', 'ÆRØ kommune', true],
    ['a**b', 'ab', true],
    ['.*', 'x', false],
  ])('%s on %s: %s', (pattern, value, matches) => {
    expect(matchesGlob(readGlob(pattern), fold(value))).toBe(matches)
  })

  it('with many stars costs no more than the text is long', () => {
    const glob = readGlob(`${'*a'.repeat(100)}*b`)
    const text = 'a'.repeat(1_000_000)
    const before = process.cpuUsage()
    for (let i = 0; i < 10; i += 1) expect(matchesGlob(glob, text)).toBe(false)
    expect(process.cpuUsage(before).user).toBeLessThan(500_000)
  })
})
