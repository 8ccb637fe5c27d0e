import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/decision/command-table.ts'
import { readCommands } from '../../src/decision/commands.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { actionsFor, mailto } from '../../src/outbox/actions.ts'
import { compose } from '../../src/outbox/compose.ts'
import { composing, makeNotice } from '../support/notices.ts'

describe('a link that begins a mail', () => {
  test('has everything percent-encoded that a mail client could take for something else', () => {
    const link = mailto('support+c12.a.x@acme.test', 'Re: [#12] 100 % & "æ" 😀 (x)', '#assign me\r\n')
    expect(link).toBe(
      'mailto:support%2Bc12.a.x@acme.test?subject=Re%3A%20%5B%2312%5D%20100%20%25%20%26%20%22%C3%A6%22%20%F0%9F%98%80%20%28x%29&body=%23assign%20me%0D%0A',
    )
    expect(link).toMatch(/^[\w:@?=&%.~-]+$/)
  })

  test('survives half a character', () => {
    expect(mailto('a@b', '\ud83d', 'x')).toContain('%EF%BF%BD')
  })

  test('is not made where answers have no address of their own', () => {
    expect(actionsFor('support@acme.test', 'x').map((action) => action.url)).toEqual([null, null, null, null, null])
  })

  test.each(actionsFor('support+x@acme.test', 'x'))('holds a command: $line', ({ line }) => {
    expect(readCommands(line)).toMatchObject({ commands: [{ line }], refused: [] })
  })
})

describe('mails to agents', () => {
  const kinds = ['case-opened', 'comment-added-agent', 'command-receipt'] as const

  test.each(kinds)('%s names the commands at its end, as links in the HTML alone', (kind) => {
    const { text, html } = compose(makeNotice(kind), composing)
    expect(text).toContain('#assign me (')
    expect(text).not.toContain('mailto:')
    expect(html.match(/href="mailto:/g)).toHaveLength(5)
  })

  test.each(['case-received', 'comment-added', 'solution-proposed'] as const)(
    '%s, which is for customers, does not',
    (kind) => {
      const { text, html } = compose(makeNotice(kind), composing)
      expect(`${text}${html}`).not.toContain('#assign')
    },
  )

  test('a receipt says what was done, in the agent’s language', () => {
    const done = [
      { key: 'status', value: 'pending' },
      { key: 'assigned', value: '<b>Bo</b> $& \r\nBcc: x' },
    ]
    const { text, html, headers } = compose({ ...makeNotice('command-receipt'), done }, composing)
    expect(text).toContain('- Status er nu: afventer kunden.\n- Sagen er tildelt <b>Bo</b> $& Bcc: x.')
    expect(html).toContain('&lt;b&gt;Bo&lt;/b&gt;')
    expect(headers).toContainEqual({ name: 'Auto-Submitted', value: 'auto-replied' })
  })

  test.each(LANGUAGES)('a receipt of what was refused has words for every reason and command: %s', (language) => {
    const why = [
      'unknown',
      'no-value',
      'bad-status',
      'bad-priority',
      'bad-public',
      'bad-number',
      'bad-address',
      'not-together',
      'no-agent',
      'several-agents',
      'agent-address',
      'own-address',
      'no-case',
      'same-case',
      'closed-case',
      'no-comment',
      'agents-comment',
      'nothing-held',
      'nothing-to-undo',
      'changed-since',
    ]
    const help = Object.entries(COMMANDS).map(([name, { usage }]) => ({ name, usage }))
    const refused = why.map((reason) => ({ line: '#x', why: reason }))
    const notice = { ...makeNotice('command-receipt', { language }), done: [], refused, help, wordless: false }
    const { text } = compose(notice, composing)
    for (const reason of why) expect(text).not.toContain(`#x: ${reason}\n`)
    for (const { name, usage } of help) {
      expect(text).toContain(`- ${usage}: `)
      expect(text).not.toContain(`- ${usage}: ${name}\n`)
    }
  })

  test.each(LANGUAGES)('a receipt of what was done has words for everything: %s', (language) => {
    const keys =
      'sent noted nothing-to-note public solved status assigned unassigned priority tagged untagged product category contact cc merged split moved admitted undone'
    const done = keys.split(' ').map((key) => ({ key, value: 'VALUE' }))
    const { text } = compose({ ...makeNotice('command-receipt', { language }), done }, composing)
    for (const { key } of done) expect(text).not.toContain(`- ${key} VALUE`)
    expect(text).not.toContain('{value}')
  })
})
