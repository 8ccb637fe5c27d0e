import { describe, expect, test } from 'vitest'
import { detectAutomatic } from '../../../src/message/automatic/detect.ts'
import { readFixture } from '../read-fixture.ts'

async function detect(name: string) {
  const { parsed, text } = await readFixture(`automatic/${name}`)
  return detectAutomatic(parsed, text)
}

describe('a header tells', () => {
  test.each([
    ['exchange-out-of-office-da', 'out-of-office', 'Auto-Submitted: auto-generated'],
    ['auto-replied-acknowledgement', 'auto-reply', 'Auto-Submitted: auto-replied (vacation)'],
    ['auto-generated-monitor', 'generated', 'Auto-Submitted: auto-generated'],
    ['sieve-notification', 'generated', 'Auto-Submitted: auto-notified'],
    ['x-autoreply', 'auto-reply', 'X-Autoreply: yes'],
    ['x-autorespond', 'auto-reply', 'X-Autorespond: Printer'],
    ['x-mail-autoreply', 'auto-reply', 'X-Mail-Autoreply: true'],
    ['delivered-to-autoresponder', 'auto-reply', 'Delivered-To: Autoresponder'],
    ['x-autoreply-from', 'auto-reply', 'X-Autoreply-From: kim@kunde.test'],
    ['precedence-auto-reply', 'auto-reply', 'Precedence: auto_reply'],
    ['x-post-messageclass', 'auto-reply', 'X-Post-Messageclass: 9; Autoresponder'],
    ['vacation-program-answers-with-precedence', 'out-of-office', 'Precedence: junk'],
    ['null-return-path', 'auto-reply', 'Return-Path: <>'],
    ['x-fc-machinegenerated', 'generated', 'X-Fc-Machinegenerated: true'],
    ['cron-job', 'generated', 'X-Cron-Env: <SHELL=/bin/sh>'],
    ['cron-subject', 'generated', 'Subject: Cron <root@web1> /usr/local/bin/backup'],
    ['no-reply-sender', 'generated', 'From: no-reply@shop.test'],
    ['loop-header', 'generated', 'X-Loop: tracker@kunde.test'],
    ['mailing-list', 'list', 'List-Id: Users <users.lists.test>'],
    ['newsletter', 'bulk', 'Precedence: bulk'],
    ['newsletter-by-feedback-id', 'bulk', 'Feedback-ID: 123:shop:esp'],
    ['newsletter-with-unsubscribe-words', 'bulk', 'List-Unsubscribe: <https://shop.test/u>'],
    ['own-mail-by-header', 'own', 'X-Posthorn-Row: 41'],
    ['own-mail-by-message-id', 'own', 'Message-ID: <c7.41.abcdefgh234567ab@acme.test>'],
  ])('%s is %s', async (name, kind, evidence) => {
    expect(await detect(name)).toEqual({ kind, evidence })
  })
})

describe('the words tell, where no header does', () => {
  test.each([
    ['subject-automatic-reply-en', 'out-of-office'],
    ['subject-autosvar-da', 'auto-reply'],
    ['subject-autosvar-sv', 'auto-reply'],
    ['subject-automatisk-svar-nb', 'auto-reply'],
    ['subject-abwesenheitsnotiz-de', 'out-of-office'],
    ['subject-automaattinen-vastaus-fi', 'auto-reply'],
    ['subject-reponse-automatique-fr', 'auto-reply'],
    ['subject-respuesta-automatica-es', 'auto-reply'],
    ['subject-fravaer-da', 'out-of-office'],
    ['subject-franvaro-sv', 'out-of-office'],
    ['away-text-da', 'out-of-office'],
    ['away-text-nb', 'out-of-office'],
    ['away-text-nn', 'out-of-office'],
    ['away-text-sv', 'out-of-office'],
    ['away-text-en', 'out-of-office'],
    ['away-text-fi', 'out-of-office'],
    ['away-text-de', 'out-of-office'],
    ['away-text-is', 'out-of-office'],
    ['away-text-fr', 'out-of-office'],
    ['away-text-es', 'out-of-office'],
    ['away-text-with-dates-da', 'out-of-office'],
    ['subject-out-of-office-before-re', 'out-of-office'],
    ['self-declared-da', 'auto-reply'],
    ['self-declared-en', 'auto-reply'],
  ])('%s is %s', async (name, kind) => {
    expect((await detect(name))?.kind).toBe(kind)
  })
})

describe('a person is not swallowed', () => {
  test.each([
    ['auto-submitted-no'],
    ['web-form-with-customer-in-reply-to'],
    ['person-behind-precedence-gateway'],
    ['person-behind-list-unsubscribe-gateway'],
    ['person-through-amazon-ses'],
    ['person-with-response-suppressed'],
    ['person-redirected-by-an-inbox-rule'],
    ['person-with-x-loop'],
    ['person-asks-about-out-of-office'],
    ['person-answers-an-auto-reply'],
    ['person-on-holiday-with-a-question'],
    ['person-quotes-an-auto-reply'],
    ['person-subject-ferie'],
    ['person-automatic-replies-do-not-work'],
    ['person-invoice'],
    ['person-passes-on-an-automated-message'],
    ['person-on-a-course'],
    ['person-answers-after-holiday'],
    ['person-with-list-unsubscribe-alone'],
  ])('%s', async (name) => {
    expect(await detect(name)).toBeNull()
  })
})

test('a read receipt is generated, and says what became of the mail', async () => {
  const { parsed, text } = await readFixture('bounce/read-receipt')
  expect(detectAutomatic(parsed, text)).toEqual({ kind: 'generated', evidence: 'read receipt displayed' })
})

test('two megabytes of responder-like words take linear time', async () => {
  const { parsed } = await readFixture('automatic/person-invoice')
  const text = 'jeg er på ferie hi? this is an automatic '.repeat(50_000)
  const before = process.cpuUsage()
  detectAutomatic({ ...parsed, subject: 'automatic out of office '.repeat(10_000) }, text)
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(500)
})
