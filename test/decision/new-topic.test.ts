import { describe, expect, it } from 'vitest'
import type { CaseFacts, CasePointer, Facts } from '../../src/decision/facts.ts'
import { newTopic } from '../../src/decision/new-topic.ts'
import { makeMessage } from '../support/messages.ts'

const kims: CaseFacts = { id: 'c', number: 7, status: 'open', contactId: 'kim', participantIds: new Set() }
const known: CasePointer = { by: 'known-id', audience: null, case: kims, subjects: ['Printeren er død'] }

function facts(pointers: CasePointer[]): Facts {
  return {
    mailbox: { name: 'support', address: 'support@acme.test' },
    ownAddresses: new Set(['support@acme.test']),
    sender: { personId: 'kim', kind: 'contact' },
    trust: { grade: 'unverified', evidence: 'nobody checked', forwarded: false },
    agentsNeed: 'plausible',
    pointers,
    messageIdIsOurs: false,
    bouncedRow: null,
  }
}
const isNew = (pointers: CasePointer[], subject = 'Faktura 1042') =>
  newTopic(makeMessage({ subject }), facts(pointers)).decision?.kind === 'open'

describe('a new matter under an old mail', () => {
  it('is one where nothing of the old mail is left', () => {
    expect(isNew([known])).toBe(true)
    expect(isNew([known], 'Re: printeren igen')).toBe(false)
  })

  it('is none where a key of ours says what is meant, for this case or another', () => {
    expect(isNew([known, { by: 'reply-key', audience: 'customer', case: kims }])).toBe(false)
    expect(isNew([known, { by: 'own-id', audience: 'customer', case: { ...kims, id: 'd' } }])).toBe(false)
  })

  it('is none where the subject of what it answers is not known', () => {
    expect(isNew([{ by: 'known-id', audience: null, case: kims }])).toBe(false)
  })
})
