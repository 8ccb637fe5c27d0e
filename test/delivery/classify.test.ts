import { describe, expect, test } from 'vitest'
import { classify, type Failure, failureOf } from '../../src/delivery/classify.ts'
import { nextAttemptAt, RETRY_AFTER } from '../../src/delivery/schedule.ts'

const failure = (over: Partial<Failure>): Failure => ({
  code: 'EENVELOPE',
  responseCode: null,
  response: 'x',
  command: 'CONN',
  handedOver: false,
  ...over,
})

describe('permanent', () => {
  test.each([
    [550, 'RCPT TO'],
    [553, 'RCPT TO'],
    [554, 'DATA'],
    [552, 'DATA'],
  ])('%d to %s', (responseCode, command) => {
    expect(classify(failure({ responseCode, command }))).toEqual({
      kind: 'failed',
      code: String(responseCode),
      response: 'x',
      addressGone: false,
    })
  })

  test.each([
    ['550 5.1.1 <kim@customer.test>: no such user', 'RCPT TO', true],
    ['550-5.1.1 The email account that you tried to reach does not exist.', 'RCPT TO', true],
    ['553 5.1.2 unknown domain', 'RCPT TO', true],
    ['550 5.1.6 moved', 'RCPT TO', true],
    ['556 5.1.10 the domain takes no mail', 'RCPT TO', true],
    ['550 5.1.1 no such user', 'DATA', false],
    ['550 5.1.8 bad sender', 'RCPT TO', false],
    ['550 5.1.11 unheard of', 'RCPT TO', false],
    ['550 5.7.1 refused by policy', 'RCPT TO', false],
    ['552 5.2.2 mailbox full', 'RCPT TO', false],
    ['550 no such user', 'RCPT TO', false],
    ['550 refused: 550 5.1.1', 'RCPT TO', false],
  ])('%s at %s: the address is gone: %s', (response, command, addressGone) => {
    expect(classify(failure({ responseCode: Number(response.slice(0, 3)), response, command }))).toMatchObject({
      kind: 'failed',
      addressGone,
    })
  })

  test('an address that cannot be written, and a mail over the server’s size', () => {
    expect(classify(failure({ code: 'EENVELOPE', command: 'API' })).kind).toBe('failed')
    expect(classify(failure({ code: 'EMESSAGE', command: 'MAIL FROM' })).kind).toBe('failed')
  })
})

describe('temporary', () => {
  test.each([
    ['greylisting', { responseCode: 451, command: 'RCPT TO' }],
    ['a full mailbox', { responseCode: 452, command: 'DATA' }],
    ['421 after the data', { responseCode: 421, command: 'DATA', handedOver: true }],
    ['a wrong password', { code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }],
    ['a login that is needed', { responseCode: 530, command: 'RCPT TO' }],
    ['a refused sender', { responseCode: 550, command: 'MAIL FROM' }],
    ['a refused client', { responseCode: 554, command: 'CONN' }],
    ['a server that is away', { code: 'ESOCKET' }],
    ['a name that does not resolve', { code: 'EDNS' }],
    ['silence', { code: 'ETIMEDOUT' }],
    ['TLS that fails', { code: 'ETLS' }],
    ['something unheard of', { code: 'EWHAT', command: '' }],
  ] as [string, Partial<Failure>][])('%s', (_, over) => {
    expect(classify(failure(over))).toMatchObject({ kind: 'retry', unknown: false })
  })
})

test('unknown: the mail was handed over and no answer came', () => {
  expect(classify(failure({ code: 'ECONNECTION', handedOver: true }))).toMatchObject({ kind: 'retry', unknown: true })
})

test('an error is read as nodemailer makes it, and anything else is described', () => {
  const error = Object.assign(new Error('m'), {
    code: 'EENVELOPE',
    responseCode: 550,
    response: '550 5.1.1\r\n no',
    command: 'RCPT TO',
  })
  expect(failureOf(error, false)).toEqual({
    code: 'EENVELOPE',
    responseCode: 550,
    response: '550 5.1.1 no',
    command: 'RCPT TO',
    handedOver: false,
  })
  expect(failureOf('boom', true)).toMatchObject({
    code: 'EUNKNOWN',
    responseCode: null,
    response: 'boom',
    handedOver: true,
  })
})

test('retries are spaced as published, and end before three days are over', () => {
  expect(RETRY_AFTER.slice(0, 5).map((ms) => ms / 60_000)).toEqual([1, 5, 15, 60, 240])
  expect(RETRY_AFTER.reduce((sum, ms) => sum + ms)).toBeLessThan(3 * 86_400_000)
  expect(nextAttemptAt(1, 1_000)).toBe(61_000)
  expect(nextAttemptAt(RETRY_AFTER.length, 0)).toBe(12 * 3_600_000)
  expect(nextAttemptAt(RETRY_AFTER.length + 1, 0)).toBeNull()
})
