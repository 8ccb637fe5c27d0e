import { expect, it } from 'vitest'
import { engines } from '../support/databases.ts'
import { ANNA, answerTo, KIM, letter, startFlow } from '../support/flow.ts'
import { embedded } from '../support/mail-servers.ts'
import { ownTemplates } from '../support/templates.ts'

const front = 'subject: Re: [#{{case.number}}] {{case.subject}}\npreheader: p\nreason: r\n\n'

it('an own template that fails while a mail is made keeps no mail back', async () => {
  const templates = ownTemplates({
    'mail/comment-added/da.md': `${front}Svaret:\n\n{{said comment.text}}\n\n{{files comment.missing}}\n`,
  })
  const [engine] = engines
  if (!engine) throw new Error('there is no engine')
  const flow = await startFlow({ engine, kind: embedded, over: (config) => ({ ...config, templates }) })
  try {
    await flow.deliver(letter({ text: 'Hej' }))
    await flow.deliver(answerTo(await flow.waitForMail(ANNA.address), ANNA, 'Prøv igen.'))
    const answer = await flow.waitForMail(KIM.address, ({ text }) => text.includes('Prøv igen.'))
    expect(answer.message.text).not.toContain('Svaret:')
    const line = await flow.log.waitFor(({ kind }) => kind === 'comment-added')
    expect(line).toMatchObject({
      level: 'error',
      language: 'da',
      row: expect.any(String),
      files: [`${templates}/mail/comment-added/da.md`],
      msg: expect.stringContaining('the built-in one was sent'),
    })
  } finally {
    await flow.close()
  }
})
