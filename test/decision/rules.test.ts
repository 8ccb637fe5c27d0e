import { describe, expect, it } from 'vitest'
import type { CaseFacts, CasePointer, Facts } from '../../src/decision/facts.ts'
import { decide } from '../../src/decision/rules.ts'
import type { Message } from '../../src/message/message.ts'
import { makeMessage } from '../support/messages.ts'

const kims: CaseFacts = { id: 'case-7', number: 7, status: 'open', contactId: 'kim', participantIds: new Set(['pat']) }

function facts(over: Partial<Facts> = {}): Facts {
  return {
    mailbox: { name: 'support', address: 'support@acme.test' },
    ownAddresses: new Set(['support@acme.test']),
    sender: { personId: 'kim', kind: 'contact' },
    trust: { grade: 'plausible', evidence: 'it carries a key', forwarded: false },
    agentsNeed: 'plausible',
    pointers: [],
    messageIdIsOurs: false,
    bouncedRow: null,
    ...over,
  }
}

const key = (audience: CasePointer['audience'], it: CaseFacts = kims): CasePointer => ({
  by: 'reply-key',
  audience,
  case: it,
})
const known: CasePointer = { by: 'known-id', audience: null, case: kims }
const anna = { personId: 'anna', kind: 'agent' } as const
const mallory = { personId: 'mallory', kind: 'contact' } as const

function decision(message: Partial<Message>, over: Partial<Facts>) {
  return decide(makeMessage(message), facts(over)).decision
}

describe('a mail that points at no case', () => {
  it('opens one, with a receipt for a person', () => {
    expect(decision({}, {})).toMatchObject({
      kind: 'open',
      acknowledge: true,
      contact: { address: 'kim@customer.test' },
    })
  })

  it.each<[string, Partial<Message>]>([
    ['a monitoring system', { automatic: { kind: 'generated', evidence: 'Auto-Submitted' } }],
    ['a list', { automatic: { kind: 'list', evidence: 'List-Id' } }],
    ['a null sender', { returnPath: '' }],
    ['our own address', { from: { name: null, address: 'support@acme.test' } }],
    ['our own reply address', { from: { name: null, address: 'support+x@acme.test' } }],
    ['nobody', { from: null }],
  ])('opens one without a receipt for %s', (_who, message) => {
    expect(decision(message, {})).toMatchObject({ kind: 'open', acknowledge: false })
  })

  it.each(['auto-reply', 'out-of-office'] as const)('is ignored when it is an %s', (kind) => {
    expect(decision({ automatic: { kind, evidence: 'x' } }, {}).kind).toBe('ignore')
  })

  it('opens one for a stranger who only copied a Message-ID', () => {
    expect(decision({}, { sender: mallory, pointers: [known] }).kind).toBe('open')
  })
})

describe('an answer to a case', () => {
  it.each([key('customer'), known])('by its contact is a public comment', (pointer) => {
    expect(decision({}, { pointers: [pointer] })).toMatchObject({
      kind: 'comment',
      caseId: 'case-7',
      role: 'contact',
      visibility: 'public',
    })
  })

  it('by a participant is a public comment', () => {
    expect(decision({}, { sender: { personId: 'pat', kind: 'contact' }, pointers: [key('customer')] })).toMatchObject({
      kind: 'comment',
      role: 'participant',
    })
  })

  it('by a stranger who has the key is held for the agents', () => {
    expect(decision({}, { sender: mallory, pointers: [key('customer')] })).toMatchObject({
      kind: 'hold',
      caseId: 'case-7',
    })
    expect(decision({}, { sender: null, pointers: [key('agent')] })).toMatchObject({ kind: 'hold', caseId: 'case-7' })
  })

  it('that is closed opens a new one that carries it on', () => {
    const closed = key('customer', { ...kims, status: 'closed' })
    expect(decision({}, { pointers: [closed] })).toMatchObject({ kind: 'open', followUpOf: 'case-7' })
  })

  it('by a machine is kept there and told to nobody', () => {
    const automatic = { kind: 'out-of-office', evidence: 'Auto-Submitted' } as const
    expect(decision({ automatic }, { pointers: [key('customer')] })).toEqual({
      kind: 'hold',
      caseId: 'case-7',
      tellAgents: false,
    })
  })

  it.each(['own', 'generated', 'list', 'bulk'] as const)(
    'by a machine that answers for a member (%s) is kept there, and agents are told',
    (kind) => {
      const headers = [{ name: 'auto-submitted', value: 'auto-generated' }]
      const mail = { automatic: { kind, evidence: 'x' }, headers }
      expect(decision(mail, { pointers: [key('customer')] })).toEqual({
        kind: 'hold',
        caseId: 'case-7',
        tellAgents: true,
      })
      expect(decision(mail, { sender: null, pointers: [key('customer')] })).toMatchObject({ tellAgents: false })
    },
  )
})

describe("an agent's answer", () => {
  const byAnna = { sender: anna, pointers: [key('agent')] }

  it('is a public comment with the key that agents are given', () => {
    expect(decision({ reply: 'Try again.' }, byAnna)).toMatchObject({
      kind: 'comment',
      role: 'agent',
      visibility: 'public',
      text: 'Try again.',
    })
  })

  it('is held with the key of a customer, or with a copied Message-ID', () => {
    expect(decision({}, { sender: anna, pointers: [key('customer')] })).toMatchObject({ kind: 'hold' })
    expect(decision({}, { sender: anna, pointers: [known] })).toMatchObject({ kind: 'hold' })
  })

  it('stays internal with #note', () => {
    expect(decision({ reply: '#note\nHe is angry.' }, byAnna)).toMatchObject({
      kind: 'comment',
      visibility: 'internal',
      text: 'He is angry.',
    })
  })

  it('with an unknown command does not reach the customer', () => {
    expect(decision({ reply: '#sovled\nTry again.' }, byAnna)).toMatchObject({
      kind: 'hold',
      tellAgents: false,
      receipt: { personId: 'anna', refused: [{ line: '#sovled', why: 'unknown' }] },
    })
  })

  it('of commands alone is a command', () => {
    expect(decision({ reply: '#solved' }, byAnna)).toMatchObject({ kind: 'command', commands: [{ kind: 'solved' }] })
  })

  it('without a word of its own does not reach the customer', () => {
    expect(decision({ reply: '' }, byAnna)).toMatchObject({ kind: 'hold' })
  })
})

describe('mail about mail', () => {
  const bounce = { recipients: [], originalMessageId: 'x' }
  const bouncedRow = {
    id: 'row-1',
    caseId: 'case-7',
    to: { name: null, address: 'kim@customer.test' },
    by: 'envelope-sender',
    verp: true,
    sent: true,
  } as const

  it('is noted where it reports on a mail of ours', () => {
    expect(decision({ bounce }, { bouncedRow })).toMatchObject({ kind: 'bounce', row: 'row-1', caseId: 'case-7' })
  })

  it('is ignored where it reports on a mail of somebody else', () => {
    expect(decision({ bounce }, {}).kind).toBe('ignore')
  })

  it('is ignored where it is our own mail come back, whatever else it says', () => {
    expect(decision({}, { messageIdIsOurs: true, pointers: [key('customer')] }).kind).toBe('ignore')
  })
})

it('every rule that was looked at says why, and the last one decided', () => {
  const { rules, reason } = decide(makeMessage(), facts())
  expect(rules.every((rule) => rule.because.length > 0)).toBe(true)
  expect(rules.filter((rule) => rule.applied)).toEqual([rules.at(-1)])
  expect(rules.at(-1)?.because).toBe(reason)
})

it('the grade of the sender and its evidence are told before all rules', () => {
  const trust = { grade: 'failed', evidence: 'mx.acme.test found dmarc=fail', forwarded: false } as const
  const judgement = decide(makeMessage(), facts({ trust }))
  expect(judgement.rules[0]).toEqual({
    rule: 'trust',
    applied: false,
    because: 'the sender is failed: mx.acme.test found dmarc=fail',
  })
  expect(judgement).toMatchObject({ trust: 'failed', decision: { kind: 'open', acknowledge: false } })
})
