import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../src/message/parse.ts'
import { extractReply } from '../../../src/message/reply/extract.ts'

const folder = new URL('../../fixtures/forward/', import.meta.url)

describe('the reply of a mail that forwards', () => {
  it.each([
    ['outlook-da-header-block', ['Kan I se på den her?', 'Printeren holdt op med at virke.']],
    ['apple-mail-fi-quoted', ['Voitteko auttaa?', 'Tulostin ei enää toimi.', 'Terveisin Anna']],
    ['gmail-nb-forwarded-message', ['FYI', 'Skriveren virker ikke lenger.']],
    ['thunderbird-sv-vidarebefordrat', ['Skrivaren fungerar inte längre.']],
    ['lotus-forwarded-by', ['The printer stopped working.']],
    ['missive-quoted-body', ['The printer stopped working.']],
    ['outlook-mac-attribution', ['The printer stopped working.']],
  ])('%s: keeps what is forwarded', async (fixture, lines) => {
    const parsed = await parseMail({ bytes: readFileSync(new URL(`${fixture}.eml`, folder)) }, { content: 'drop' })
    const { reply } = extractReply(parsed)
    for (const line of lines) expect(reply).toContain(line)
  })

  it('loses a forward that is only quoted in an answer', async () => {
    const parsed = await parseMail(
      { bytes: readFileSync(new URL('reply-quoting-a-forward.eml', folder)) },
      { content: 'drop' },
    )
    expect(extractReply(parsed).reply).toBe('It works now.')
  })
})
