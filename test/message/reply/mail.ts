import { readFileSync } from 'node:fs'
import type { Parsed } from '../../../src/message/parsed.ts'

/** A Parsed with nothing but a subject and bodies. */
export function parsedOf(given: Partial<Parsed>): Parsed {
  return {
    headers: [],
    messageId: null,
    inReplyTo: [],
    references: [],
    date: null,
    subject: 'Re: Printer',
    from: null,
    allFrom: [],
    replyTo: [],
    to: [],
    cc: [],
    deliveredTo: [],
    returnPath: null,
    plain: null,
    html: null,
    attachments: [],
    parts: [],
    contentType: { type: 'text/plain', params: {} },
    problems: [],
    ...given,
  }
}

/** One of test/fixtures/reply: a mail of one part in UTF-8. */
export function fixture(name: string): Parsed {
  const source = readFileSync(new URL(`../../fixtures/reply/${name}.eml`, import.meta.url), 'utf8')
  const end = source.indexOf('\n\n')
  const subject = /^Subject: (.*)$/m.exec(source.slice(0, end))?.[1] ?? ''
  const body = source.slice(end + 2)
  return parsedOf(source.slice(0, end).includes('text/html') ? { subject, html: body } : { subject, plain: body })
}
