import { describe, expect, it } from 'vitest'
import { mayAcknowledge } from '../../src/decision/acknowledge.ts'
import type { Message } from '../../src/message/message.ts'
import { makeMessage } from '../support/messages.ts'

const own = new Set(['support@acme.test'])
const may = (over: Partial<Message>) => mayAcknowledge(makeMessage(over), own, 'unverified')
const from = (address: string) => ({ from: { name: null, address }, returnPath: address })
const header = (name: string, value: string) => ({ headers: [{ name, value }] })

describe('an automatic answer', () => {
  it('goes to a person', () => {
    expect(may({})).toBe(true)
    expect(may({ returnPath: null })).toBe(true)
    expect(may(header('auto-submitted', 'no'))).toBe(true)
    expect(may(header('precedence', 'first-class'))).toBe(true)
    expect(may(header('x-auto-response-suppress', 'DR, RN'))).toBe(true)
    for (const address of [
      'request@customer.test',
      'owner@customer.test',
      'admin@customer.test',
      'bo.unce@customer.test',
    ])
      expect(may(from(address)), address).toBe(true)
  })

  it.each<[string, Partial<Message>]>([
    ['a null sender', { returnPath: '' }],
    ['nobody', { from: null }],
    ['our own address', from('support@acme.test')],
    ['our own reply address', from('support+c1.x.c.y@acme.test')],
    ['a bounce', { bounce: { recipients: [], originalMessageId: null } }],
    ['a complaint', { complaint: { feedbackType: 'abuse', recipient: null, originalMessageId: null } }],
    ['a mail that asks for none', header('x-auto-response-suppress', 'OOF, AutoReply')],
    ['bulk', header('precedence', 'bulk')],
    ['a list', header('list-id', '<users.lists.test>')],
    ['a newsletter', header('list-unsubscribe', '<mailto:x@y.test>')],
    ['what says that it is automatic', header('auto-submitted', 'auto-generated')],
  ])('never goes to %s', (_who, over) => {
    expect(may(over)).toBe(false)
  })

  it.each(['auto-reply', 'out-of-office', 'bulk', 'list', 'generated', 'own'] as const)('never goes to %s', (kind) => {
    expect(may({ automatic: { kind, evidence: 'x' } })).toBe(false)
  })

  it.each([
    'mailer-daemon@customer.test',
    'MAILER-DAEMON@customer.test',
    'no-reply@customer.test',
    'noreply+7@customer.test',
    'ikke-svar@kunde.test',
    'postmaster@customer.test',
    'owner-users@lists.test',
    'users-request@lists.test',
    'users-bounces@lists.test',
    'bounces+123@lists.test',
    'bounce-7=kim@lists.test',
  ])('never goes to %s', (address) => {
    expect(may(from(address))).toBe(false)
    expect(may({ returnPath: address })).toBe(false)
  })

  it('never goes to somebody whose name another used', () => {
    expect(mayAcknowledge(makeMessage(), own, 'failed')).toBe(false)
  })
})
