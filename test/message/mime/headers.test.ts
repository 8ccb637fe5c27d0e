import { expect, test } from 'vitest'
import { parseFixture } from './fixture.ts'

test.each([
  ['from-without-brackets', 'Kim Hansen', 'kim@acme.test', "'From' has an address without angle brackets"],
  ['from-without-closing-bracket', 'Kim Hansen', 'kim@acme.test', "'From' has an angle bracket that does not end"],
  ['from-twice', null, 'kim@acme.test', 'the mail has 2 From headers: the first was taken'],
  ['from-whole-in-encoded-word', 'Søren', 'soren@acme.test', "'From' has an address inside an encoded word"],
  ['from-address-in-encoded-name', 'boss@acme.test', 'evil@other.test', null],
  ['from-name-with-comma', 'Hansen, Kim', 'kim@acme.test', "'From' has a name with a comma outside quotes"],
  ['from-quoted-encoded-word', 'Søren', 'soren@acme.test', null],
  ['from-comment-as-name', 'Kim Hansen', 'kim@acme.test', null],
  ['from-raw-latin1', 'Søren Ærø', 'soren@acme.test', "header 'from': no charset named, read as windows-1252"],
  ['mbox-from-line', 'Kim Hansen', 'kim@acme.test', null],
])('%s', async (name, display, address, problem) => {
  const parsed = await parseFixture(name)
  expect(parsed.from).toEqual({ name: display, address })
  expect(parsed.problems).toEqual(problem === null ? [] : [problem])
})

test('an encoded word never becomes an address of its own', async () => {
  const parsed = await parseFixture('from-encoded-word-without-address')
  expect(parsed.from).toBeNull()
  expect(parsed.problems).toContain("'From' names no address: boss@acme.test")
})

test('a mail without From is a mail', async () => {
  const parsed = await parseFixture('from-absent')
  expect(parsed.from).toBeNull()
  expect(parsed.plain).toBe('Hej\n')
  expect(parsed.problems).toEqual(['the mail has no From header'])
})

test('both From headers are kept beside the first', async () => {
  expect((await parseFixture('from-twice')).allFrom.map((it) => it.address)).toEqual([
    'kim@acme.test',
    'boss@acme.test',
  ])
})

test('groups are flattened; semicolons and stray commas part addresses', async () => {
  expect((await parseFixture('to-groups-and-semicolons')).to).toEqual([
    { name: null, address: 'a@x.test' },
    { name: 'B', address: 'b@x.test' },
    { name: null, address: 'c@x.test' },
    { name: 'd, e', address: 'd@x.test' },
  ])
})

test('mailto:, quotes, routes and doubled brackets around an address fall away', async () => {
  expect((await parseFixture('to-mailto-and-quotes')).to).toEqual([
    { name: null, address: 'a@x.test' },
    { name: 'B', address: 'b@x.test' },
    { name: null, address: 'c@x.test' },
    { name: null, address: 'd@x.test' },
    { name: 'E', address: 'e@x.test' },
  ])
})

test('a punycode domain is read', async () => {
  expect((await parseFixture('to-punycode')).to[0]?.address).toBe('a@blåbærgrød.test')
})

test('ids are found folded, quoted, run together, without a bracket, and within prose', async () => {
  const parsed = await parseFixture('ids-broken')
  expect(parsed.messageId).toBe('abcdef@acme.test')
  expect(parsed.inReplyTo).toEqual(['one@x.test', 'two@x.test'])
  expect(parsed.references).toEqual(['a@x.test', 'b@x.test', 'c@x.test', 'd@x.test'])
})

test('ids without brackets are ids', async () => {
  const parsed = await parseFixture('ids-without-brackets')
  expect([parsed.messageId, ...parsed.inReplyTo, ...parsed.references]).toEqual([
    'abc@acme.test',
    'one@x.test',
    'a@x.test',
    'b@x.test',
  ])
})

test('references in encoded words are read', async () => {
  expect((await parseFixture('references-encoded-word')).references).toEqual(['a@x.test', 'b@x.test'])
})

test.each([
  ['subject-split-within-a-letter', 'Blåbærgrød'],
  ['subject-raw-latin1', 'Blåbærgrød'],
  ['subject-raw-koi8', 'Здравствуйте'],
  ['subject-unknown-charset', 'Blåbær'],
  ['subject-q-with-spaces-and-question-mark', 'Kan du? Hjælp nu'],
  ['subject-encoded-word-without-end', 'Blåbær'],
  ['subject-base64-padding', 'Blåbær! x'],
  ['subject-iso-2022-jp-two-words', 'テストテスト'],
  ['subject-carriage-return', 'hej Bcc: victim@x.test'],
  ['header-folded-with-tab', 'en to tre'],
  ['headers-only-no-blank-line', 'kun hoved'],
])('%s', async (name, subject) => {
  expect((await parseFixture(name)).subject).toBe(subject)
})

test.each([
  ['date-two-digit-year', '2026-11-20T10:00:00.000Z', null],
  ['date-no-zone', '2026-11-20T10:00:00.000Z', 'the Date header has no time zone: read as UTC'],
  ['date-asctime', '2026-11-20T10:00:00.000Z', 'the Date header has no time zone: read as UTC'],
  ['date-iso', '2026-11-20T09:00:00.000Z', null],
  ['date-danish-month', '2026-05-20T08:00:00.000Z', null],
  ['date-zone-name', '2026-11-20T10:00:00.000Z', null],
  ['date-1601', null, 'the Date header cannot be true: the year 1601'],
  ['date-nonsense', null, 'the Date header is not a date: i morgen'],
])('%s', async (name, date, problem) => {
  const parsed = await parseFixture(name)
  expect(parsed.date).toBe(date)
  expect(parsed.problems).toEqual(problem === null ? [] : [problem])
})

test('the envelope is read from what the servers wrote', async () => {
  const parsed = await parseFixture('delivery-envelope')
  expect(parsed.returnPath).toBe('')
  expect(parsed.deliveredTo).toEqual(['support@posthorn.test', 'sales@posthorn.test'])
})
