import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readForward } from '../../../src/message/forward/read-forward.ts'
import type { Forwarded } from '../../../src/message/message.ts'
import { parseMail } from '../../../src/message/parse.ts'

const folder = new URL('../../fixtures/forward/', import.meta.url)

async function forwardIn(name: string): Promise<Forwarded | null> {
  const parsed = await parseMail({ bytes: readFileSync(new URL(`${name}.eml`, folder)) }, { content: 'drop' })
  return readForward(parsed, parsed.plain ?? '')
}

const bo = (name: string, address: string) => ({ name, address })
const AT = '2026-11-19T13:05:00.000Z'

/** Every fixture, with all that the reader should find in it. */
const FORWARDS: readonly [fixture: string, expected: Forwarded][] = [
  [
    'outlook-da-header-block',
    {
      from: bo('Bo Hansen', 'bo@butik.test'),
      to: [bo('Anna Vinter', 'anna@kunde.test'), { name: 'Drift', address: '' }],
      cc: [bo('Larsen, Kim', 'kim@butik.test')],
      subject: 'Printer',
      date: AT,
      text: 'Printeren holdt op med at virke.\n\nHilsen Bo',
    },
  ],
  [
    'gmail-nb-forwarded-message',
    {
      from: bo('Bo Hansen', 'bo@butikk.test'),
      to: [{ name: null, address: 'anna@kunde.test' }],
      cc: [],
      subject: 'Skriver',
      date: AT,
      text: 'Skriveren virker ikke lenger.',
    },
  ],
  [
    'thunderbird-sv-vidarebefordrat',
    {
      from: bo('Bo Hansson', 'bo@butik.test'),
      to: [{ name: null, address: 'anna@kunde.test' }],
      cc: [],
      subject: 'Skrivare',
      date: AT,
      text: 'Skrivaren fungerar inte längre.',
    },
  ],
  [
    'apple-mail-fi-quoted',
    {
      from: bo('Bo Virtanen', 'bo@kauppa.test'),
      to: [{ name: null, address: 'anna@kunde.test' }],
      cc: [],
      subject: 'Tulostin',
      date: '2026-11-19T12:05:00.000Z',
      text: 'Tulostin ei enää toimi.',
    },
  ],
  [
    'yahoo-one-line-block',
    {
      from: bo('Bo Smith', 'bo@shop.test'),
      to: [{ name: null, address: 'anna@kunde.test' }],
      cc: [bo('Kim', 'kim@shop.test'), bo('Al', 'al@shop.test')],
      subject: 'Printer: broken',
      date: AT,
      text: 'The printer stopped working.',
    },
  ],
  [
    'mutt-with-lower-rule',
    {
      from: bo('Bo Smith', 'bo@shop.test'),
      to: [{ name: null, address: 'anna@kunde.test' }],
      cc: [],
      subject: 'printer',
      date: AT,
      text: 'The printer stopped working.',
    },
  ],
  [
    'lotus-forwarded-by',
    {
      from: bo('Bo Smith', 'bo@shop.test'),
      to: [{ name: 'Anna Vinter/CPH/Kunde', address: '' }],
      cc: [],
      subject: 'Printer',
      date: AT,
      text: 'The printer stopped working.',
    },
  ],
  [
    'roundcube-original-message',
    {
      from: bo('Bo Schmidt', 'bo@laden.test'),
      to: [{ name: null, address: 'anna@kunde.test' }],
      cc: [],
      subject: 'Drucker',
      date: AT,
      text: 'Der Drucker geht nicht mehr.',
    },
  ],
  [
    'outlook-mac-attribution',
    {
      from: bo('Bo Smith', 'bo@shop.test'),
      to: [],
      cc: [],
      subject: 'Printer',
      date: AT,
      text: 'The printer stopped working.',
    },
  ],
  [
    'missive-quoted-body',
    {
      from: bo('Bo Smith', 'bo@shop.test'),
      to: [{ name: null, address: 'anna@kunde.test' }],
      cc: [],
      subject: 'Printer',
      date: AT,
      text: 'The printer stopped working.',
    },
  ],
  [
    'headers-as-paragraphs',
    {
      from: bo('Bo Smith', 'bo@shop.test'),
      to: [{ name: null, address: 'anna@kunde.test' }],
      cc: [],
      subject: 'Printer',
      date: AT,
      text: 'The printer stopped working.',
    },
  ],
  [
    'wrapped-recipients-and-subject',
    {
      from: bo('Bo Smith', 'bo@shop.test'),
      to: [bo('Anna Vinter', 'anna@kunde.test'), bo('Kim Larsen', 'kim@shop.test'), bo('Al', 'al@shop.test')],
      cc: [],
      subject: 'The printer on the second floor stopped working and the one on the third did too',
      date: AT,
      text: 'Both are dead.',
    },
  ],
  [
    'forward-without-prefix-da',
    {
      from: bo('Bo Hansen', 'bo@butik.test'),
      to: [bo('Anna Vinter', 'anna@kunde.test')],
      cc: [],
      subject: 'Printer',
      date: AT,
      text: 'Printeren holdt op med at virke.',
    },
  ],
  [
    'attached-mail',
    {
      from: bo('Bo Sørensen', 'bo@butik.test'),
      to: [bo('Anna', 'anna@kunde.test')],
      cc: [{ name: null, address: 'kim@butik.test' }],
      subject: 'Printeren ødelagt',
      date: AT,
      text: 'Den er helt ødelagt.',
    },
  ],
]

describe('a mail that forwards another one', () => {
  it.each(FORWARDS)('%s: gives its sender, recipients, subject, date and text', async (fixture, expected) => {
    expect(await forwardIn(fixture)).toEqual(expected)
  })
})

describe('a mail that forwards nothing', () => {
  it.each([
    'reply-outlook-header-block',
    'reply-fi-vs',
    'reply-without-prefix-da',
    'reply-bare-quote-of-a-forward',
    'digest',
    'reply-quoting-a-forward',
    'prose-timetable',
    'attached-mail-in-a-reply',
    'bounce-brings-the-mail-back',
  ])('%s', async (fixture) => {
    expect(await forwardIn(fixture)).toBeNull()
  })
})

describe('a hostile mail', () => {
  it('is read in linear time', async () => {
    const parsed = await parseMail({ bytes: readFileSync(new URL('prose-timetable.eml', folder)) }, { content: 'drop' })
    const cost = (text: string) => {
      const before = process.cpuUsage().user
      readForward({ ...parsed, subject: 'Fwd: x' }, text)
      return process.cpuUsage().user - before
    }
    for (const line of [
      'From: a@b\n',
      '> '.repeat(50),
      '--- forwarded ---\nTo: a,\n',
      'a@b, ',
      'To:\n\n',
      'On 1/1/26 <a@b> wrote\n',
    ]) {
      expect(cost(line.repeat(1_000_000 / line.length)), line).toBeLessThan(4_000_000)
    }
  })
})
