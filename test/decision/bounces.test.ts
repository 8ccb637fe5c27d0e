import { describe, expect, it } from 'vitest'
import { deliveryReport, feedbackReport } from '../../src/decision/bounces.ts'
import type { BouncedRow, Facts } from '../../src/decision/facts.ts'
import type { BouncedRecipient } from '../../src/message/message.ts'
import { makeMessage } from '../support/messages.ts'

const row: BouncedRow = {
  id: 'row-1',
  caseId: 'case-7',
  to: { name: null, address: 'kim@customer.test' },
  by: 'envelope-sender',
  verp: true,
  sent: true,
}
const kim: BouncedRecipient = {
  address: 'Kim@Customer.test',
  action: 'failed',
  status: '5.1.1',
  permanent: true,
  diagnostic: 'no such user',
}

function judge(recipients: BouncedRecipient[], over: Partial<BouncedRow> | null = {}) {
  const facts = { bouncedRow: over && { ...row, ...over } } as Facts
  return deliveryReport(makeMessage({ bounce: { recipients, originalMessageId: null } }), facts)
}

const doing = (mark: boolean, suppress: boolean) => ({ kind: 'bounce', row: 'row-1', caseId: 'case-7', mark, suppress })

describe('a delivery report', () => {
  it.each<[string, BouncedRecipient[], Partial<BouncedRow>, object]>([
    ['of a permanent failure marks and suppresses', [kim], {}, doing(true, true)],
    ['known by its Message-ID does the same', [kim], { by: 'message-id', verp: false }, doing(true, true)],
    [
      'known by its Message-ID alone is noted, where it had an envelope sender',
      [kim],
      { by: 'message-id' },
      doing(false, false),
    ],
    ['of a full mailbox marks', [{ ...kim, permanent: false, status: '5.2.2' }], {}, doing(true, false)],
    ['of a delay is noted', [{ ...kim, action: 'delayed', permanent: false }], {}, doing(false, false)],
    ['of another address marks, for mail is forwarded', [{ ...kim, address: 'k@gmail.test' }], {}, doing(true, false)],
    ['that names nobody marks', [], {}, doing(true, false)],
    [
      'of another address known by its Message-ID is noted',
      [{ ...kim, address: 'k@gmail.test' }],
      { by: 'message-id', verp: false },
      doing(false, false),
    ],
    [
      'that names nobody, known by its Message-ID, is noted',
      [],
      { by: 'message-id', verp: false },
      doing(false, false),
    ],
    ['of the address and another one suppresses', [{ ...kim, address: 'x@y.test' }, kim], {}, doing(true, true)],
    ['of success is ignored', [{ ...kim, action: 'delivered', permanent: false }], {}, { kind: 'ignore' }],
    ['about a mail that never left is ignored', [kim], { sent: false }, { kind: 'ignore' }],
  ])('%s', (_what, recipients, over, decision) => {
    expect(judge(recipients, over).decision).toEqual(decision)
  })

  it('about a mail of somebody else is ignored', () => {
    expect(judge([kim], null).decision).toEqual({ kind: 'ignore' })
  })
})

describe('a complaint', () => {
  const complaint = { feedbackType: 'abuse', recipient: 'kim@customer.test', originalMessageId: null }

  it('about a mail of ours is noted, and stops nothing', () => {
    const facts = { bouncedRow: row } as Facts
    expect(feedbackReport(makeMessage({ complaint }), facts).decision).toEqual(doing(false, false))
  })

  it('about anything else is ignored', () => {
    expect(feedbackReport(makeMessage({ complaint }), { bouncedRow: null } as Facts).decision?.kind).toBe('ignore')
    const unsent = { bouncedRow: { ...row, sent: false } } as Facts
    expect(feedbackReport(makeMessage({ complaint }), unsent).decision?.kind).toBe('ignore')
  })
})
