import { describe, expect, test } from 'vitest'
import { readBounce } from '../../../src/message/bounce/read-bounce.ts'
import { readFixture } from '../read-fixture.ts'

type Row = [address: string, action: string, status: string | null, permanent: boolean]

async function bounceOf(name: string) {
  const { parsed, text } = await readFixture(`bounce/${name}`)
  return readBounce(parsed, text)
}

async function rowsOf(name: string): Promise<Row[] | undefined> {
  const bounce = await bounceOf(name)
  return bounce?.recipients.map((row) => [row.address, row.action, row.status, row.permanent])
}

const REPORTS: [string, Row[]][] = [
  ['postfix-user-unknown', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  [
    'postfix-two-recipients-one-full',
    [
      ['kim@kunde.test', 'failed', '5.2.2', false],
      ['bo@kunde.test', 'failed', '5.1.1', true],
    ],
  ],
  ['postfix-delayed', [['kim@kunde.test', 'delayed', '4.4.1', false]]],
  [
    'success-notification',
    [
      ['kim@kunde.test', 'delivered', '2.0.0', false],
      ['bo@kunde.test', 'relayed', '2.0.0', false],
    ],
  ],
  ['exim-status-hidden-in-diagnostic', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['report-labelled-text-plain', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['report-without-empty-lines', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['report-with-odd-action', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['exchange-online-da', [['kim@kunde.test', 'failed', '5.1.10', true]]],
  ['mime-structure-lost', [['kim@kunde.test', 'failed', '4.4.7', false]]],
  ['alias-original-recipient', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['sieve-reject', [['kim@kunde.test', 'failed', '5.2.2', false]]],
]

const WORDINGS: [string, Row[]][] = [
  ['amazon-ses', [['kim@kunde.test', 'failed', null, true]]],
  ['aol-screen-name', [['screenname@aol.test', 'failed', '5.1.10', true]]],
  ['communigate-trouble', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['courier', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['delivered-in-words', [['kim@kunde.test', 'delivered', '2.0.0', false]]],
  ['domino', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['dragonfly', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['exchange-2003-x400', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['exchange-2003', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['exchange-2007-de', [['kim@kunde.test', 'failed', '5.2.2', false]]],
  ['exchange-2007-sv', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['exchange-2010-nb', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['exchange-delayed-da', [['kim@kunde.test', 'delayed', '4.0.0', false]]],
  ['exchange-delayed-en', [['kim@kunde.test', 'delayed', '4.0.0', false]]],
  ['exchange-fr', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['exchange-relayed', [['kim@kunde.test', 'relayed', '2.0.0', false]]],
  ['exim-plain', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['exim-warning', [['kim@kunde.test', 'delayed', '4.4.7', false]]],
  ['ezweb', [['kim@ezweb.test', 'failed', '5.1.1', true]]],
  ['finnish', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['gmail-delay', [['kim@kunde.test', 'delayed', '4.0.0', false]]],
  ['gmail-older', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['gmx-quoted-address', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['group-without-permission', [['group@kunde.test', 'failed', '5.7.1', false]]],
  ['groupwise', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['html-only-report', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['icelandic', [['kim@kunde.test', 'failed', null, true]]],
  ['imail-smtp32', [['kim@kunde.test', 'failed', '5.2.2', false]]],
  ['in-reply-to-names-the-mail', [['kim@kunde.test', 'failed', null, true]]],
  ['kddi', [['kim@ezweb.test', 'failed', '5.2.2', false]]],
  ['lsmtp', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['mail-ru', [['kim@kunde.test', 'failed', '5.2.2', false]]],
  ['mailenable', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['mailfoundry', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['mdaemon', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['notes-failure-reasons', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['opensmtpd', [['kim@kunde.test', 'failed', '5.2.2', false]]],
  ['postfix-under-another-name', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  [
    'qmail',
    [
      ['kim@kunde.test', 'failed', '5.1.1', true],
      ['bo@kunde.test', 'failed', '5.2.2', false],
    ],
  ],
  ['sendmail-transcript', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['surfcontrol', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['unknown-wording-one-address', [['kim@kunde.test', 'failed', null, true]]],
  ['unknown-wording-recipient-of-the-mail', [['kim@kunde.test', 'failed', null, true]]],
  ['unusual-sender-french', [['kim@kunde.test', 'failed', null, true]]],
  ['v5sendmail-transcript-alone', [['kim@kunde.test', 'failed', '5.1.2', true]]],
  ['verizon', [['5551234567@vtext.test', 'failed', '5.1.1', true]]],
  ['workspace-de', [['kim@kunde.test', 'failed', '5.1.1', true]]],
  ['yahoo', [['kim@kunde.test', 'failed', '5.1.1', true]]],
]

const HEADERS: [string, Row[]][] = [
  [
    'failed-recipients-header-alone',
    [
      ['kim@kunde.test', 'failed', null, true],
      ['bo@kunde.test', 'failed', null, true],
    ],
  ],
  ['verp-address-alone', [['kim@kunde.test', 'failed', null, true]]],
]

const JUDGED: [string, Row[]][] = [
  ['policy-is-not-permanent', [['kim@kunde.test', 'failed', '5.7.1', false]]],
  ['user-unknown-after-data', [['kim@kunde.test', 'failed', '5.0.0', false]]],
]

describe('an RFC 3464 report', () => {
  test.each(REPORTS)('%s', async (name, rows) => {
    expect(await rowsOf(name)).toEqual(rows)
  })
})

describe('a report in the words of a mailer', () => {
  test.each(WORDINGS)('%s', async (name, rows) => {
    expect(await rowsOf(name)).toEqual(rows)
  })
})

describe('where only a header names the recipient', () => {
  test.each(HEADERS)('%s', async (name, rows) => {
    expect(await rowsOf(name)).toEqual(rows)
  })
})

describe('permanent is an address that is dead, not a mail that was refused', () => {
  test.each(JUDGED)('%s', async (name, rows) => {
    expect(await rowsOf(name)).toEqual(rows)
  })
})

describe('no bounce', () => {
  test.each([
    ['person-quotes-a-bounce'],
    ['person-pastes-a-bounce'],
    ['person-forwards-a-bounce'],
    ['person-writes-of-a-delivery-failure'],
    ['postmaster-writes-by-hand'],
    ['auto-reply-is-no-bounce'],
    ['person-asks-about-an-undelivered-mail'],
    ['read-receipt'],
    ['arf-abuse'],
    ['jmrp'],
  ])('%s', async (name) => {
    expect(await bounceOf(name)).toBeNull()
  })
})

test.each([
  ['alias-original-recipient'],
  ['dragonfly'],
  ['exchange-online-da'],
  ['exim-plain'],
  ['exim-status-hidden-in-diagnostic'],
  ['gmail-older'],
  ['gmx-quoted-address'],
  ['group-without-permission'],
  ['imail-smtp32'],
  ['in-reply-to-names-the-mail'],
  ['mail-ru'],
  ['mailenable'],
  ['mime-structure-lost'],
  ['notes-failure-reasons'],
  ['opensmtpd'],
  ['policy-is-not-permanent'],
  ['postfix-delayed'],
  ['postfix-two-recipients-one-full'],
  ['postfix-user-unknown'],
  ['qmail'],
  ['report-labelled-text-plain'],
  ['report-with-odd-action'],
  ['report-without-empty-lines'],
  ['sieve-reject'],
  ['success-notification'],
  ['unknown-wording-recipient-of-the-mail'],
  ['user-unknown-after-data'],
  ['v5sendmail-transcript-alone'],
  ['yahoo'],
])('the mail that came back is known: %s', async (name) => {
  expect((await bounceOf(name))?.originalMessageId).toBe('c7.41.aaaaaaaaaaaaaaaa@acme.test')
})

test("the diagnostic is the remote server's answer", async () => {
  const bounce = await bounceOf('postfix-user-unknown')
  expect(bounce?.recipients[0]?.diagnostic).toBe('550 5.1.1 <kim@kunde.test>: Recipient address rejected: User unknown')
})

test.each([
  ['addresses on one line', '<a@b.test>: '.repeat(20_000)],
  ['sentences that almost begin a list', 'could not be delivered to '.repeat(10_000)],
  ['a hundred thousand recipients', '<kim@kunde.test>:\n550 User unknown\n'.repeat(100_000)],
  ['at signs', '@'.repeat(200_000)],
])('%s are read in linear time', async (_, text) => {
  const { parsed } = await readFixture('bounce/qmail')
  const before = process.cpuUsage()
  readBounce(parsed, text)
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1500)
})
