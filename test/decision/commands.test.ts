import { describe, expect, it } from 'vitest'
import { readCommands } from '../../src/decision/commands.ts'

describe('command lines', () => {
  it('are read from the first lines and taken out of the text', () => {
    expect(readCommands('#solved\n\nRestart it.\n#1 in line')).toEqual({
      commands: [{ kind: 'solved' }],
      text: 'Restart it.\n#1 in line',
      unknown: [],
    })
  })

  it.each(['#Note', '\u00a0#note', '• #note', '- #NOTE', '# note', '#note '])(
    'are known as a mail client leaves them: %j',
    (line) => {
      expect(readCommands(`${line}\nOnly for us.`).commands).toEqual([{ kind: 'note' }])
    },
  )

  it('keep the words that follow on the same line', () => {
    expect(readCommands('#note he called again').text).toBe('he called again')
  })

  it('may be several', () => {
    expect(readCommands('#note\n#pending\nWaiting for the part.').commands).toEqual([
      { kind: 'note' },
      { kind: 'status', status: 'pending' },
    ])
  })

  it('name what they do not know', () => {
    expect(readCommands('#sovled\nRestart it.').unknown).toEqual(['#sovled'])
  })

  it('are not looked for below the first line of text', () => {
    const text = 'Hello,\n#solved'
    expect(readCommands(text)).toEqual({ commands: [], text, unknown: [] })
  })

  it('are no numbers, and no headings', () => {
    expect(readCommands('#42 is the one').unknown).toEqual([])
    expect(readCommands('## What we did').unknown).toEqual([])
  })
})
