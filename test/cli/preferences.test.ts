import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'
import { jsonLines, posthorn } from '../support/program.ts'

describe('posthorn preferences', () => {
  let desk: HelpDesk
  let config: string
  beforeAll(async () => {
    desk = await openHelpDesk('sqlite')
    await desk.take({})
    config = join(desk.store.dataFolder, 'posthorn.yaml')
    writeFileSync(config, yaml(desk.store.config.engine === 'sqlite' ? desk.store.config.path : ''))
  })
  afterAll(async () => {
    await desk.store.close()
  })
  const run = async (...args: string[]) => await posthorn(['preferences', ...args, '--config', config])
  const show = async (address: string) => jsonLines(await run('show', address, '--json'))

  it('shows what somebody has chosen and may choose', async () => {
    expect(await show('Kim@Customer.test')).toEqual([
      { topic: 'comments', mailbox: 'all', mode: 'now', choices: ['now', 'digest', 'off'] },
      { topic: 'solutions', mailbox: 'all', mode: 'now', choices: ['now', 'digest', 'off'] },
      { topic: 'areas', mailbox: 'all', mode: 'now', choices: ['now', 'digest', 'off'] },
      { topic: 'digests', mailbox: 'all', mode: 'now', choices: ['now', 'off'] },
    ])
    expect((await run('show', 'anna@private.test')).stdout).toMatch(
      /comments +sales +default +default, now, digest, off/,
    )
  })

  it('chooses for somebody, for all mailboxes and for one', async () => {
    expect(await run('set', 'kim@customer.test', 'comments', 'off')).toMatchObject({
      code: 0,
      stdout: "kim@customer.test: comments is now 'off'\n",
    })
    await run('set', 'anna@private.test', 'comments', 'off', '--mailbox', 'sales')
    expect((await show('kim@customer.test'))[0]).toMatchObject({ mode: 'off' })
    expect(await show('anna@private.test')).toContainEqual(expect.objectContaining({ mailbox: 'sales', mode: 'off' }))
  })

  it.each([
    ['nobody is known who has the address x@y.test', ['x@y.test', 'comments', 'off']],
    ["there is no topic 'weather' There are: comments", ['kim@customer.test', 'weather', 'off']],
    ["'never' is no way to be told", ['kim@customer.test', 'comments', 'never']],
    ["'digest' cannot be chosen about digests Choose one of: now, off.", ['kim@customer.test', 'digests', 'digest']],
    [
      "'off' cannot be chosen about comments for the mailbox 'sales'",
      ['kim@customer.test', 'comments', 'off', '--mailbox', 'sales'],
    ],
  ])('says what is wrong: %s', async (text, args) => {
    const { code, stderr } = await run('set', ...args)
    expect([code, stderr]).toEqual([1, expect.stringContaining(text)])
  })
})

function yaml(path: string): string {
  return `database: sqlite:${path}
secret: a secret of at least thirty-two characters
mailboxes:
  - name: support
    address: support@acme.test
    imap: { host: 127.0.0.1, user: support, password: x }
  - name: sales
    address: sales@acme.test
    imap: { host: 127.0.0.1, user: sales, password: x }
smtp: { host: 127.0.0.1 }
brands:
  - { name: Acme, fromName: Acme Support, supportContact: tel. 12 34 56 78 }
log: { level: silent }
`
}
