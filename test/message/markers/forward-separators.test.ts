import { describe, expect, it } from 'vitest'
import { endsForward, readSeparator, startsForward } from '../../../src/message/markers/forward-separators.ts'

describe('the line above a forwarded mail', () => {
  it.each([
    '---------- Forwarded message ---------',
    '-------- Videresendt melding --------',
    '-------- Vidarebefordrat meddelande --------',
    '---------- Videresendt meddelelse ----------',
    '-------- Välitetty viesti / Fwd.Msg --------',
    '----- Weitergeleitete Nachricht von Kim Larsen <kim@acme.test> -----',
    '----- Forwarded by Kim Larsen/CPH/Acme on 27-10-2026 09:31 -----',
    '---------------------- Forwarded by Kim Larsen/CPH/Acme on 27-10-2026',
    '-----Message transféré-----',
    '---------- 转发的邮件 ---------',
    '*Begin forwarded message:*',
    'Start på videresendt besked:',
    'Début du message réexpédié\u00a0:',
    'Forwarded message:',
  ])('is known: %s', (line) => {
    expect(startsForward(line)).toBe(true)
  })

  it.each([
    'I have forwarded message after message to you:',
    'Videresendt til jer, da jeg ikke ved, hvem der skal have den',
    '-- ',
    '----------------------------------------',
    '- forwarded to the carrier',
    '----- End forwarded message -----',
    '----- Slut på videresendt besked -----',
    '-----Original Message-----',
  ])('is not this: %s', (line) => {
    expect(startsForward(line)).toBe(false)
  })

  it('is told from the line below it', () => {
    expect(endsForward('----- End forwarded message -----')).toBe(true)
    expect(endsForward('----- Slutt på videresendt melding -----')).toBe(true)
    expect(endsForward('---------- Forwarded message ---------')).toBe(false)
  })

  it('is told from an original message, which may be a reply as well', () => {
    expect(readSeparator('-----Oprindelig meddelelse-----')).toEqual({ kind: 'original', rest: '' })
    expect(readSeparator('-------- Ursprungligt meddelande --------')?.kind).toBe('original')
  })

  it("may carry the whole header block, as Yahoo's does", () => {
    const line = '  ----- Forwarded Message ----- From: Kim <kim@acme.test>To: bo@acme.test'
    expect(readSeparator(line)).toEqual({ kind: 'forward', rest: 'From: Kim <kim@acme.test>To: bo@acme.test' })
  })

  it('is judged in linear time however long it is', () => {
    const before = process.cpuUsage().user
    for (const long of ['-'.repeat(1_000_000), '- '.repeat(500_000), `----- ${'forwarded '.repeat(100_000)}`]) {
      startsForward(long)
    }
    expect(process.cpuUsage().user - before).toBeLessThan(2_000_000)
  })
})
