import { expect, test } from 'vitest'
import { parseMail } from '../../src/message/parse.ts'
import type { Parsed } from '../../src/message/parsed.ts'
import { understand } from '../../src/message/understand.ts'

test('the readers are put together into one message', async () => {
  const mail = 'From: kim@acme.test\r\nSubject: Hej\r\n\r\nJeg kan ikke logge på i dag.\r\n-- \r\nKim\r\n'
  const message = understand(await parseMail(Buffer.from(mail)))
  expect(message).toMatchObject({
    reply: 'Jeg kan ikke logge på i dag.',
    bounce: null,
    complaint: null,
    forwarded: null,
  })
  expect(message).not.toHaveProperty('parts')
})

test('a reader that fails loses nothing but its own answer', async () => {
  const parsed = await parseMail(Buffer.from('From: kim@acme.test\r\nSubject: Hej\r\n\r\nHej med dig\r\n'))
  const part = Object.defineProperty({ contentType: '', text: '', filename: null }, 'contentType', {
    get: () => {
      throw new Error('broken')
    },
  })
  const broken: Parsed = { ...parsed, parts: [part] }
  const message = understand(broken)
  expect(message.reply).toContain('Hej med dig')
  expect(message.problems.join()).toContain('could not be read: broken')
})
