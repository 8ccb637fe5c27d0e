import type { Message } from '../../src/message/message.ts'

/** A plain mail from Kim, with what a test cares about laid over it. */
export function makeMessage(over: Partial<Message> = {}): Message {
  return {
    messageId: 'kim-1@customer.test',
    inReplyTo: [],
    references: [],
    date: '2026-11-20T10:00:00.000Z',
    subject: 'Printeren',
    from: { name: 'Kim', address: 'kim@customer.test' },
    allFrom: [{ name: 'Kim', address: 'kim@customer.test' }],
    replyTo: [],
    to: [{ name: null, address: 'support@acme.test' }],
    cc: [],
    deliveredTo: [],
    returnPath: 'kim@customer.test',
    headers: [],
    language: 'da',
    text: 'Den virker ikke.',
    html: null,
    reply: 'Den virker ikke.',
    quoted: '',
    signature: '',
    confidence: 1,
    attachments: [],
    automatic: null,
    bounce: null,
    complaint: null,
    forwarded: null,
    problems: [],
    ...over,
  }
}
