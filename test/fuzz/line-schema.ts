import * as z from 'zod'
import { LIMITS } from '../../src/message/limits.ts'

/** What `posthorn inspect --json` may print: scripts read it, so that a key more or less is as wrong as a wrong type. */

const text = z.string().refine(wellFormed, 'holds a lone surrogate or a NUL')
const filled = text.min(1)
const time = z.iso.datetime({ precision: 3 })
const ids = z.array(filled.max(LIMITS.id)).max(LIMITS.ids)

const address = z.strictObject({
  name: filled.max(LIMITS.name).nullable(),
  address: text.max(LIMITS.address).refine((it) => it === it.toLowerCase(), 'is not lower case'),
})
const reachable = address.refine((it) => it.address !== '', 'has no address')
const addresses = z.array(reachable).max(LIMITS.addresses)

const attachment = z.strictObject({
  filename: filled.max(LIMITS.filename).nullable(),
  contentType: z.string().regex(/^[^\s/;]+\/[^\s;]*$/),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentId: filled.max(LIMITS.id).nullable(),
  inline: z.boolean(),
})

const recipient = z.strictObject({
  address: filled.refine((it) => it === it.toLowerCase(), 'is not lower case'),
  action: z.enum(['failed', 'delayed', 'delivered', 'relayed', 'expanded']),
  status: z
    .string()
    .regex(/^[245]\.\d{1,3}\.\d{1,3}$/)
    .nullable(),
  permanent: z.boolean(),
  diagnostic: filled.nullable(),
})

export const LINE = z.strictObject({
  file: z.string(),
  messageId: filled.max(LIMITS.id).nullable(),
  inReplyTo: ids,
  references: ids,
  date: time.nullable(),
  subject: text.max(LIMITS.subject),
  from: reachable.nullable(),
  replyTo: addresses,
  to: addresses,
  cc: addresses,
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .nullable(),
  text,
  reply: text,
  quoted: text,
  signature: text,
  confidence: z.number().min(0).max(1),
  attachments: z.array(attachment),
  automatic: z
    .strictObject({
      kind: z.enum(['auto-reply', 'out-of-office', 'bulk', 'list', 'generated', 'own']),
      evidence: filled,
    })
    .nullable(),
  bounce: z.strictObject({ recipients: z.array(recipient), originalMessageId: filled.nullable() }).nullable(),
  complaint: z
    .strictObject({ feedbackType: filled, recipient: filled.nullable(), originalMessageId: filled.nullable() })
    .nullable(),
  forwarded: z
    .strictObject({
      from: address.nullable(),
      to: z.array(address),
      cc: z.array(address),
      subject: text.nullable(),
      // As it stands in the mail where it cannot be read.
      date: filled.nullable(),
      text,
    })
    .nullable(),
  problems: z.array(filled.max(500)).max(2 * LIMITS.problems),
})

function wellFormed(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0')
}
