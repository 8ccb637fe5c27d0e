import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/decision/command-table.ts'
import { readCommands } from '../../src/decision/commands.ts'

const commandsOf = (text: string) => readCommands(text).commands.map(({ command }) => command)
const refusalsOf = (text: string) => readCommands(text).refused.map(({ why }) => why)

describe('command lines', () => {
  it('are read from the first lines and taken out of the text', () => {
    expect(readCommands('#solved\n\nRestart it.\n#1 in line')).toEqual({
      commands: [{ line: '#solved', command: { kind: 'solved' } }],
      text: 'Restart it.\n#1 in line',
      refused: [],
    })
  })

  it.each([
    ['a capital letter', '#Note'],
    ['a non-breaking space', '\u00a0#note'],
    ['a bullet', '• #note'],
    ['a dash', '- #NOTE'],
    ['an en dash', '– #note'],
    ['a space behind the sign', '# note'],
    ['a non-breaking space behind the sign', '#\u00a0note'],
    ['a full-width sign', '＃note'],
    ['a space at the end', '#note '],
    ['a colon', '#note:'],
    ['a full stop', '#Note.'],
    ['a mark without width', '\u200b#note'],
    ['a byte order mark', '\ufeff#note'],
    ['carriage returns', '#note\r'],
    ['a false value', '#public false'],
    ['a false value in quotation marks', '#Public “False”'],
  ])('are known as a mail client leaves them: with %s', (_what, line) => {
    expect(commandsOf(`${line}\nOnly for us.`)).toEqual([{ kind: 'note' }])
    expect(readCommands(`${line}\nOnly for us.`).text).toBe('Only for us.')
  })

  it('keep the words that follow a command without a value', () => {
    expect(readCommands('#note he called again').text).toBe('he called again')
    expect(readCommands('#note he called again\n\nTwice.').text).toBe('he called again\n\nTwice.')
  })

  it("may be several, with Outlook's empty lines between them", () => {
    expect(commandsOf('#note\n\n#pending\n\u00a0\n#assign me\n\nWaiting for the part.')).toEqual([
      { kind: 'note' },
      { kind: 'status', status: 'pending' },
      { kind: 'assign', to: 'me' },
    ])
  })

  it('are not looked for below the first line of text', () => {
    const text = 'Hello,\n#solved'
    expect(readCommands(text)).toEqual({ commands: [], text, refused: [] })
  })

  it('are no numbers, and no second headings', () => {
    expect(refusalsOf('#42 is the one')).toEqual([])
    expect(refusalsOf('## What we did')).toEqual([])
  })

  it.each<[string, unknown]>([
    ['#status open', { kind: 'status', status: 'open' }],
    ['#status Solved.', { kind: 'solved' }],
    ['#status on-hold', { kind: 'status', status: 'hold' }],
    ['#on–hold', { kind: 'status', status: 'hold' }],
    ['#assign “Anna Holm”', { kind: 'assign', to: 'Anna Holm' }],
    ['#assign\u00a0me.', { kind: 'assign', to: 'me' }],
    ['#priority URGENT', { kind: 'priority', priority: 'urgent' }],
    ['#tag Faktura, printer #æøå', { kind: 'tag', tags: ['faktura', 'printer', 'æøå'] }],
    ['#untag faktura', { kind: 'untag', tags: ['faktura'] }],
    ['#product Alfa 2', { kind: 'field', field: 'product', value: 'Alfa 2' }],
    ['#category ingen', { kind: 'field', field: 'category', value: null }],
    ['#contact Kim <KIM@customer.test>', { kind: 'contact', address: 'kim@customer.test' }],
    ['#contact kim@customer.test <mailto:kim@customer.test>', { kind: 'contact', address: 'kim@customer.test' }],
    ['#cc a@x.test, b@x.test;', { kind: 'cc', addresses: ['a@x.test', 'b@x.test'] }],
    ['#merge 12', { kind: 'merge', number: 12 }],
    ['#merge #12.', { kind: 'merge', number: 12 }],
    ['#move １２', { kind: 'move', number: 12 }],
    ['#split', { kind: 'split' }],
    ['#undo', { kind: 'undo' }],
    ['#help', { kind: 'help' }],
  ])('%s is understood', (line, command) => {
    expect(commandsOf(`${line}\n\nText`)).toEqual([command])
    expect(readCommands(`${line}\n\nText`)).toMatchObject({ text: 'Text', refused: [] })
  })

  it.each([
    ['#sovled', 'unknown'],
    ['#constructor', 'unknown'],
    ['#status', 'no-value'],
    ['#status done', 'bad-status'],
    ['#status new', 'bad-status'],
    ['#assign', 'no-value'],
    ['#assign “”', 'no-value'],
    ['#priority important', 'bad-priority'],
    ['#public maybe', 'bad-public'],
    ['#merge twelve', 'bad-number'],
    ['#merge 12 13', 'bad-number'],
    ['#contact Kim', 'bad-address'],
    ['#contact a@x.test b@x.test', 'bad-address'],
    ['#cc nobody', 'bad-address'],
  ])('%s is refused: %s', (line, why) => {
    expect(refusalsOf(`${line}\nRestart it.`)).toEqual([why])
    expect(readCommands(`${line}\nRestart it.`).refused[0]?.line).toBe(line)
  })

  it('has a usage for every command that it reads itself', () => {
    for (const { usage } of Object.values(COMMANDS)) expect(readCommands(usage)).toMatchObject({ refused: [] })
  })

  it('takes no longer than linear time for a line that almost matches', () => {
    const before = process.cpuUsage()
    readCommands(`#${'\u00a0'.repeat(100_000)}`)
    readCommands(`${'\u00a0'.repeat(100_000)}x`)
    readCommands('#note\n'.repeat(50_000))
    const { user } = process.cpuUsage(before)
    expect(user).toBeLessThan(100_000)
  })
})
