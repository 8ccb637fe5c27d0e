import type { BouncedRecipient, Message } from '../message/message.ts'
import { maskAddress, normaliseAddress, withoutTag } from '../model/address.ts'
import type { Decision } from './decision.ts'
import type { BouncedRow, Facts } from './facts.ts'

type Verdict = { because: string; decision?: Decision }

/**
 * What a delivery report does: it may mark a delivery as failed, and stop mail to an address. Anybody can write one, so it
 * must carry what only the recipient's mail systems have seen of our mail: its envelope sender where it had one of its own,
 * else its Message-ID, which whoever the mail is forwarded to sees too. It stops mail to nobody but the address that this
 * very mail went to (RFC 3464; RFC 3834 for what is not answered).
 */
export function deliveryReport(message: Message, facts: Facts): Verdict {
  if (!message.bounce) return { because: 'it is no delivery report' }
  const row = facts.bouncedRow
  if (!row)
    return { because: 'it is a delivery report about a mail that we did not send', decision: { kind: 'ignore' } }
  const about = `it is a delivery report about our mail to ${maskAddress(row.to.address)}, known by its ${described(row)}`
  if (!row.sent) return { because: `${about}, which has not been sent: it is forged`, decision: { kind: 'ignore' } }
  return judgeReport(about, message.bounce.recipients, row)
}

function judgeReport(about: string, recipients: readonly BouncedRecipient[], row: BouncedRow): Verdict {
  const note = { kind: 'bounce', row: row.id, caseId: row.caseId, mark: false, suppress: false } as const
  if (row.verp && row.by === 'message-id')
    return {
      because: `${about}, but it did not come back to its envelope sender: noted and not believed`,
      decision: note,
    }
  const ours = recipients.filter((it) => sameAddress(it.address, row.to.address))
  const failed = ours.find((it) => it.action === 'failed')
  if (failed) {
    const gone = failed.permanent ? 'it is of no use to write there again' : 'the address may work another time'
    return { because: `${about}: failed, ${gone}`, decision: { ...note, mark: true, suppress: failed.permanent } }
  }
  if (ours.length > 0 && !ours.some((it) => it.action === 'delayed'))
    return { because: `${about}: it arrived`, decision: { kind: 'ignore' } }
  if (ours.length > 0) return { because: `${about}: delayed, and still being tried`, decision: note }
  const others = recipients.some((it) => it.action === 'failed') || recipients.length === 0
  if (row.by === 'envelope-sender' && others)
    return {
      because: `${about}: failed at another address, or it does not say where`,
      decision: { ...note, mark: true },
    }
  return { because: `${about}, but it speaks of another address: noted and not believed`, decision: note }
}

/** A complaint is for people to read: who presses 'spam' by mistake still waits for an answer. */
export function feedbackReport(message: Message, facts: Facts): Verdict {
  if (!message.complaint) return { because: 'it is no feedback report' }
  const about = `it is a feedback report (${message.complaint.feedbackType})`
  const row = facts.bouncedRow
  if (!row?.sent) return { because: `${about} about a mail that we did not send`, decision: { kind: 'ignore' } }
  return {
    because: `${about} about our mail to ${maskAddress(row.to.address)}: noted for the agents`,
    decision: { kind: 'bounce', row: row.id, caseId: row.caseId, mark: false, suppress: false },
  }
}

function described(row: BouncedRow): string {
  return row.by === 'envelope-sender' ? 'envelope sender' : 'Message-ID'
}

function sameAddress(a: string, b: string): boolean {
  const [one, other] = [normaliseAddress(a), normaliseAddress(b)]
  return one === other || withoutTag(one) === withoutTag(other)
}
