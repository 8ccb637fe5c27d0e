import { describe, expect, it } from 'vitest'
import { type RecipientFacts, refusalOf, refusalsOf, type Wish } from '../../src/decision/guard.ts'
import { NOTICE_KINDS, type NoticeKind } from '../../src/model/notice.ts'
import type { Mode, Topic } from '../../src/model/preferences.ts'

const nothingAgainst: RecipientFacts = {
  address: 'kim@customer.test',
  own: false,
  suppressed: null,
  preferences: [],
  verified: true,
  served: () => true,
}

const why = (kind: NoticeKind, over: Partial<RecipientFacts>, mailbox = 'support') =>
  refusalOf(kind, mailbox, { ...nothingAgainst, ...over })?.why ?? null

const chose = (topic: Topic, mode: Mode, mailbox = ''): Partial<RecipientFacts> => ({
  preferences: [{ topic, mailbox, mode }],
})

/** By kind: what one can choose about, whether it may go to a machine's address, and to one that nobody has proven. */
const POLICY: Record<NoticeKind, [Topic | null, 'robots' | 'people', 'all' | 'verified']> = {
  'case-received': [null, 'people', 'all'],
  'case-opened': ['comments', 'robots', 'all'],
  'comment-added': ['comments', 'robots', 'all'],
  'comment-added-agent': ['comments', 'robots', 'all'],
  'mail-held': [null, 'robots', 'all'],
  'solution-proposed': ['solutions', 'robots', 'all'],
  'case-closed': ['comments', 'people', 'all'],
  'case-reopened': ['comments', 'people', 'all'],
  'case-reopened-agent': ['comments', 'robots', 'all'],
  'case-assigned': [null, 'robots', 'all'],
  'delivery-failed': [null, 'robots', 'all'],
  'mail-too-large': [null, 'people', 'all'],
  'command-receipt': [null, 'robots', 'all'],
  welcome: [null, 'robots', 'all'],
  'activate-account': [null, 'robots', 'all'],
  'account-exists': [null, 'robots', 'all'],
  'reset-password': [null, 'robots', 'all'],
  'sign-in-link': [null, 'robots', 'all'],
  'password-changed': [null, 'robots', 'all'],
  'address-change': [null, 'robots', 'all'],
  'address-changed': [null, 'robots', 'all'],
  'second-factor-on': [null, 'robots', 'all'],
  'second-factor-off': [null, 'robots', 'all'],
  'emergency-code-used': [null, 'robots', 'all'],
  'new-sign-in': [null, 'robots', 'all'],
  'identity-move': [null, 'robots', 'all'],
  'identity-changed': [null, 'robots', 'all'],
  'article-published': ['areas', 'people', 'verified'],
  'article-commented': ['areas', 'people', 'verified'],
  'agent-digest': ['digests', 'robots', 'all'],
  'customer-digest': ['digests', 'people', 'verified'],
  'article-digest': ['digests', 'people', 'verified'],
  'mailbox-alarm': [null, 'robots', 'all'],
}

describe.each(NOTICE_KINDS)('the guard before %s', (kind) => {
  const [topic, readers, proof] = POLICY[kind]

  it('lets it go where nothing speaks against it', () => {
    expect(why(kind, {})).toBeNull()
    expect(why(kind, { verified: false })).toBe(proof === 'verified' ? 'unverified' : null)
    for (const address of ['noreply@customer.test', 'mailer-daemon@customer.test'])
      expect(why(kind, { address })).toBe(readers === 'people' ? 'automatic' : null)
  })

  it('never writes to an address that mail came back from, nor to our own', () => {
    expect(why(kind, { suppressed: 'not written to since yesterday' })).toBe('suppressed')
    expect(why(kind, { own: true })).toBe('automatic')
  })

  it('heeds what was chosen about its topic, and about nothing else', () => {
    for (const other of ['comments', 'solutions', 'areas', 'digests'] as const) {
      expect(why(kind, chose(other, 'off'))).toBe(other === topic ? 'off' : null)
      expect(why(kind, chose(other, 'digest'))).toBe(other === topic && topic !== 'digests' ? 'digest' : null)
      expect(why(kind, chose(other, 'now'))).toBeNull()
    }
  })
})

describe('what was chosen', () => {
  it('for a mailbox goes before what was chosen for all of them', () => {
    const preferences = [
      { topic: 'comments', mailbox: '', mode: 'off' },
      { topic: 'comments', mailbox: 'sales', mode: 'now' },
    ] as const
    expect(why('case-opened', { preferences }, 'sales')).toBeNull()
    expect(why('case-opened', { preferences }, 'support')).toBe('off')
    expect(why('case-opened', chose('comments', 'off', 'sales'), 'support')).toBeNull()
  })

  it('to come in a digest comes at once where no digest will hold it', () => {
    const inDigest = { topic: 'comments', mailbox: '', mode: 'digest' } as const
    expect(why('comment-added', { preferences: [inDigest] })).toBe('digest')
    expect(why('comment-added', { preferences: [inDigest], served: () => false })).toBeNull()
    const noDigests = { topic: 'digests', mailbox: '', mode: 'off' } as const
    expect(why('comment-added', { preferences: [inDigest, noDigests] })).toBeNull()
  })
})

describe('a mail that must reach somebody', () => {
  const wish = (over: Partial<RecipientFacts>, refusal: string | null = null, mustReach = true): Wish => ({
    kind: 'comment-added-agent',
    mailbox: 'support',
    who: { ...nothingAgainst, ...over },
    mustReach,
    refusal,
  })
  const off = chose('comments', 'off')
  const written = (wishes: Wish[]) => refusalsOf(wishes).map((refusal) => refusal === null)

  it('goes to the assignee who wants none, where nobody else would hear of it', () => {
    expect(written([wish(off)])).toEqual([true])
  })

  it('goes to all agents, where every one of them wants none', () => {
    expect(written([wish(off), wish(off)])).toEqual([true, true])
    expect(written([wish(off), wish({ suppressed: 'gone' })])).toEqual([true, false])
  })

  it('leaves those alone who want none, where somebody else hears of it, be it in a digest', () => {
    expect(written([wish(off), wish({})])).toEqual([false, true])
    expect(written([wish(off), wish(chose('comments', 'digest'))])).toEqual([false, false])
  })

  it('is not one where no customer waits, nor one that its cause does not want written', () => {
    expect(written([wish(off, null, false)])).toEqual([false])
    expect(written([wish({}, 'over budget'), wish(off, 'over budget')])).toEqual([false, false])
    expect(refusalsOf([wish({}, 'over budget')])).toEqual(['over budget'])
  })

  it('is not held to have reached the customer', () => {
    expect(written([wish(off), wish({}, null, false)])).toEqual([true, true])
  })
})
