import { describe, expect, it } from 'vitest'
import { readWrittenDate } from '../../../src/message/forward/written-date.ts'

describe('the date of a header block', () => {
  it.each([
    ['19. november 2026 14:05', '2026-11-19T14:05:00.000Z'],
    ['torsdag den 19. november 2026 14.05.30', '2026-11-19T14:05:30.000Z'],
    ['tor. 19. nov. 2026 kl. 14:05', '2026-11-19T14:05:00.000Z'],
    ['den 19 november 2026 kl. 14.05', '2026-11-19T14:05:00.000Z'],
    ['19. marraskuuta 2026 klo 14.05', '2026-11-19T14:05:00.000Z'],
    ['Thursday, November 19, 2026 2:05 PM', '2026-11-19T14:05:00.000Z'],
    ['11/19/2026 12:05 AM EST', '2026-11-19T05:05:00.000Z'],
    ['4/5/2026 2:05 PM', '2026-04-05T14:05:00.000Z'],
    ['4/5/2026 14:05', '2026-05-04T14:05:00.000Z'],
    ['19.11.26 14:05', '2026-11-19T14:05:00.000Z'],
    ['2026-11-19 14:05', '2026-11-19T14:05:00.000Z'],
    ['Donnerstag, 19. März 2026 um 14:05 Uhr', '2026-03-19T14:05:00.000Z'],
    ['jeudi 19 août 2026 à 14 h 05', '2026-08-19T14:05:00.000Z'],
    ['jueves, 19 de noviembre de 2026 2:05 p. m.', '2026-11-19T14:05:00.000Z'],
    ['19 listopada 2026 14:05 CET', '2026-11-19T13:05:00.000Z'],
    ['четверг, 19 ноября 2026 г., 14:05 +0300', '2026-11-19T11:05:00.000Z'],
    ['2026年11月19日木曜日 14:05', '2026-11-19T14:05:00.000Z'],
    ['2026년 11월 19일 (목) 오후 2:05', '2026-11-19T14:05:00.000Z'],
    ['2026. november 19., csütörtök 14:05', '2026-11-19T14:05:00.000Z'],
    ['19 Kasım 2026 Perşembe 14:05:00 GMT+3', '2026-11-19T11:05:00.000Z'],
    ['Thứ Năm, 19 tháng 11, 2026 lúc 14:05', '2026-11-19T14:05:00.000Z'],
    ['Thu, 19 Nov 2026 14:05:00 +0100', '2026-11-19T13:05:00.000Z'],
  ])('%s', (written, expected) => {
    expect(readWrittenDate(written)).toBe(expected)
  })

  it('is in the zone of the forwarding mail where it names none', () => {
    expect(readWrittenDate('19.11.2026 14:05', 60)).toBe('2026-11-19T13:05:00.000Z')
    expect(readWrittenDate('19.11.2026 14:05 UTC', 60)).toBe('2026-11-19T14:05:00.000Z')
  })

  it('is null where nothing like a date stands', () => {
    for (const text of ['', 'yesterday', '12 May', '99/99/2026', 'november 2026'])
      expect(readWrittenDate(text), text).toBeNull()
  })
})
