import { describe, expect, it } from 'vitest'
import { administratorRule, withSettings } from '../../src/decision/administrator.ts'
import { expiredKey } from '../../src/decision/expired-key.ts'
import type { CaseFacts, Facts, FilterFacts } from '../../src/decision/facts.ts'
import { malware } from '../../src/decision/malware.ts'
import { spam } from '../../src/decision/spam.ts'
import type { Message } from '../../src/message/message.ts'
import { readGlob } from '../../src/model/glob.ts'
import type { AdministratorRule, RuleActions, RuleConditions } from '../../src/model/rule.ts'
import { makeMessage } from '../support/messages.ts'

const kims: CaseFacts = { id: 'case-7', number: 7, status: 'open', contactId: 'kim', participantIds: new Set() }

function facts(filters: Partial<FilterFacts>, over: Partial<Facts> = {}): Facts {
  return {
    mailbox: { name: 'support', address: 'support@acme.test' },
    sender: { personId: 'kim', kind: 'contact' },
    pointers: [],
    filters: { rules: [], spam: 'open', scan: null, ...filters },
    ...over,
  } as unknown as Facts
}

function rule(
  when: Partial<Record<Exclude<keyof RuleConditions, 'headers' | 'automatic'>, string[]>> & {
    headers?: Record<string, string[]>
    automatic?: boolean
  },
  actions: Partial<RuleActions> = { ignore: true },
): AdministratorRule {
  const globs = (list: string[] = []) => list.map(readGlob)
  const { headers = {}, automatic = null, from, to, subject, mailbox, text, attachment } = when
  return {
    name: 'mine',
    conditions: {
      headers: Object.entries(headers).map(([name, list]) => ({ name, patterns: globs(list) })),
      from: globs(from),
      to: globs(to),
      subject: globs(subject),
      mailbox: globs(mailbox),
      text: globs(text),
      attachment: globs(attachment),
      automatic,
    },
    actions: {
      set: { priority: null, product: null, category: null, tags: [] },
      assign: null,
      ignore: false,
      hold: false,
      ...actions,
    },
  }
}

const set = { priority: null, product: null, category: null, tags: [] }
const file = { filename: 'Invoice.PDF.exe', contentType: 'x/y', size: 1, sha256: 'f', contentId: null, inline: false }

describe("a rule of the administrator's", () => {
  it.each<[string, AdministratorRule, Partial<Message>, boolean]>([
    ['a sender', rule({ from: ['*@customer.test'] }), {}, true],
    ['another sender', rule({ from: ['*@shop.test'] }), {}, false],
    ['one of several senders', rule({ from: ['*@shop.test', 'kim@'] }), {}, true],
    ['a recipient', rule({ to: ['support@acme.test'] }), {}, true],
    ['a subject', rule({ subject: ['PRINTER'] }), {}, true],
    ['a mailbox', rule({ mailbox: ['sales'] }), {}, false],
    ['a text', rule({ text: ['virker ikke'] }), {}, true],
    ['an attachment', rule({ attachment: ['*.exe'] }), { attachments: [file] }, true],
    ['no attachment', rule({ attachment: ['*'] }), {}, false],
    ['a header', rule({ headers: { 'list-id': ['*'] } }), { headers: [{ name: 'list-id', value: '<a.b>' }] }, true],
    ['an absent header', rule({ headers: { 'list-id': ['*'] } }), {}, false],
    ['two conditions that hold', rule({ from: ['kim'], subject: ['printer'] }), {}, true],
    ['two conditions of which one holds', rule({ from: ['kim'], subject: ['skærm'] }), {}, false],
    ['a machine', rule({ automatic: true }), { automatic: { kind: 'list', evidence: 'x' } }, true],
    ['a person', rule({ automatic: true }), {}, false],
  ])('about %s', (_what, mine, message, fits) => {
    const { decision } = administratorRule(makeMessage(message), facts({ rules: [mine] }))
    expect(decision).toEqual(fits ? { kind: 'ignore' } : undefined)
  })

  it('holds a comment in the case that the mail points at, and else a case of its own', () => {
    const rules = [rule({ from: ['kim'] }, { hold: true })]
    const pointers = [{ by: 'reply-key', audience: 'customer', case: kims }] as const
    expect(administratorRule(makeMessage(), facts({ rules }, { pointers: [...pointers] })).decision).toEqual({
      kind: 'hold',
      caseId: 'case-7',
      tellAgents: true,
    })
    expect(administratorRule(makeMessage(), facts({ rules })).decision).toMatchObject({
      kind: 'open',
      acknowledge: false,
      held: { tellAgents: true },
    })
  })

  it('decides by the first that decides, and says its name', () => {
    const rules = [
      rule({ subject: ['printer'] }, { assign: 'anna@private.test' }),
      { ...rule({ from: ['kim'] }), name: 'second' },
    ]
    expect(administratorRule(makeMessage(), facts({ rules }))).toEqual({
      because: "the rule 'second' ignores it",
      decision: { kind: 'ignore' },
    })
  })

  it('that sets or assigns rides along on a new case: the first that says something counts, tags add up', () => {
    const rules = [
      rule({ from: ['kim'] }, { set: { ...set, priority: 'high', tags: ['a'] } }),
      rule({ subject: ['printer'] }, { set: { priority: 'low', product: 'P', category: null, tags: ['a', 'b'] } }),
      rule({ subject: ['skærm'] }, { assign: 'bo@private.test' }),
      rule({ text: ['virker'] }, { assign: 'anna@private.test' }),
    ]
    const open = { kind: 'open', contact: null, acknowledge: true, followUpOf: null } as const
    expect(withSettings(open, makeMessage(), facts({ rules }))).toEqual({
      ...open,
      settings: { priority: 'high', product: 'P', category: null, tags: ['a', 'b'], assign: 'anna@private.test' },
    })
    expect(withSettings({ kind: 'ignore' }, makeMessage(), facts({ rules }))).toEqual({ kind: 'ignore' })
  })
})

describe('spam', () => {
  it.each([
    ['x-spam-flag', 'YES', true],
    ['x-spam-flag', 'NO', false],
    ['x-spam-status', 'Yes, score=9.1 required=5.0', true],
    ['x-spam-status', 'No, score=-1', false],
    ['x-rspamd-action', 'add header', true],
    ['x-rspamd-action', 'no action', false],
    ['x-ms-exchange-organization-scl', '6', true],
    ['x-ms-exchange-organization-scl', '-1', false],
    ['x-forefront-antispam-report', 'CIP:1.2.3.4;CTRY:;SCL:5;SRV:', true],
    ['x-forefront-antispam-report', 'CIP:1.2.3.4;SCL:1;SRV:', false],
    ['x-spam-level', '*****', false],
  ])('%s: %s is %s', (name, value, is) => {
    const { decision } = spam(makeMessage({ headers: [{ name, value }] }), facts({}))
    expect(decision !== undefined).toBe(is)
  })

  it('is what the topmost header of a name says: what stands below was there before our server', () => {
    const headers = [
      { name: 'x-spam-flag', value: 'NO' },
      { name: 'x-spam-flag', value: 'YES' },
    ]
    expect(spam(makeMessage({ headers }), facts({})).decision).toBeUndefined()
  })

  it('is opened without a receipt, held without a word, or ignored, as configured', () => {
    const message = makeMessage({ headers: [{ name: 'x-spam-flag', value: 'YES' }] })
    const open = spam(message, facts({})).decision
    expect(open).toMatchObject({ kind: 'open', acknowledge: false, settings: { priority: 'low' } })
    expect(open).not.toHaveProperty('held')
    expect(spam(message, facts({ spam: 'hold' })).decision).toMatchObject({ held: { tellAgents: false } })
    expect(spam(message, facts({ spam: 'ignore' })).decision).toEqual({ kind: 'ignore' })
  })
})

describe('malware', () => {
  const infected = { kind: 'infected', name: 'Eicar' } as const

  it('holds the mail, in the case whose key it carries or in one of its own', () => {
    expect(malware(makeMessage(), facts({ scan: infected })).decision).toMatchObject({
      kind: 'open',
      acknowledge: false,
    })
    const pointers: Facts['pointers'] = [{ by: 'own-id', audience: 'customer', case: kims }]
    expect(malware(makeMessage(), facts({ scan: infected }, { pointers })).decision).toMatchObject({ kind: 'hold' })
  })

  it('lets a mail that is clean or could not be checked go its way', () => {
    expect(malware(makeMessage(), facts({ scan: { kind: 'clean' } })).decision).toBeUndefined()
    const unknown = malware(makeMessage(), facts({ scan: { kind: 'unknown', why: 'ECONNREFUSED' } }))
    expect(unknown.decision).toBeUndefined()
    expect(unknown.because).toContain('ECONNREFUSED')
  })
})

describe('a key that has expired', () => {
  const expired = { case: kims, days: 30 }
  const judge = (over: Partial<Facts>) =>
    expiredKey(makeMessage(), facts({}, { expiredKey: expired, ...over })).decision

  it('holds what a member or an agent writes with it', () => {
    expect(judge({})).toEqual({ kind: 'hold', caseId: 'case-7', tellAgents: true })
    expect(judge({ sender: { personId: 'anna', kind: 'agent' } })).toMatchObject({ kind: 'hold' })
    expect(judge({ pointers: [{ by: 'known-id', audience: null, case: kims }] })).toMatchObject({ kind: 'hold' })
  })

  it('leads a stranger to no case, and nobody to a closed one', () => {
    expect(judge({ sender: { personId: 'mallory', kind: 'contact' } })).toBeUndefined()
    expect(judge({ sender: null })).toBeUndefined()
    expect(judge({ expiredKey: { case: { ...kims, status: 'closed' }, days: 30 } })).toBeUndefined()
  })

  it('does no harm beside one that holds', () => {
    expect(judge({ pointers: [{ by: 'own-id', audience: 'customer', case: kims }] })).toBeUndefined()
  })
})
