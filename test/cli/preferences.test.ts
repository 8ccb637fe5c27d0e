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
      { language: 'da', timeZone: null },
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

  it('says in which language somebody is written to and by which clock, and takes that back', async () => {
    const both = ['--language', 'sv', '--time-zone', 'America/New_York']
    expect(await run('set', 'kim@customer.test', ...both)).toMatchObject({
      code: 0,
      stdout: "kim@customer.test: language is now 'sv'\nkim@customer.test: time zone is now 'America/New_York'\n",
    })
    expect((await show('kim@customer.test')).at(-1)).toEqual({ language: 'sv', timeZone: 'America/New_York' })
    expect((await run('show', 'kim@customer.test')).stdout).toMatch(/\nlanguage: sv\ntime zone: America\/New_York\n$/)
    await run('set', 'kim@customer.test', 'solutions', 'off', '--language', 'default')
    expect(await show('kim@customer.test')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ topic: 'solutions', mode: 'off' }),
        { language: null, timeZone: 'America/New_York' },
      ]),
    )
    await run('set', 'kim@customer.test', '--time-zone', 'default')
    expect((await show('kim@customer.test')).at(-1)).toEqual({ language: null, timeZone: null })
  })

  it('writes a contact’s digest by that clock and in that language', async () => {
    await run('set', 'kim@customer.test', 'digests', 'now', '--language', 'nb', '--time-zone', 'Asia/Tokyo')
    await desk.store.db.updateTable('person_addresses').set({ verified_at: '2026-11-16T08:00:00.000Z' }).execute()
    await posthorn(['digest', 'run', 'contacts', '--config', config])
    const rows = desk.store.db.selectFrom('outbox').select(['language', 'data']).where('kind', '=', 'customer-digest')
    const [row] = await rows.execute()
    expect([row?.language, JSON.parse(row?.data ?? '{}').timeZone]).toEqual(['nb', 'Asia/Tokyo'])
  })

  it.each([
    ["'Europe/Atlantis' is no time zone", ['kim@customer.test', '--time-zone', 'Europe/Atlantis']],
    ["in the language 'de' There are: da, nb, sv, en", ['kim@customer.test', '--language', 'de']],
    ['of anna@private.test are in the configuration', ['anna@private.test', '--time-zone', 'Asia/Tokyo']],
    ['it does not say what to set', ['kim@customer.test', 'comments', '--language', 'sv']],
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
digests: { contacts: 0 8 * * 1 }
brands:
  - { name: Acme, fromName: Acme Support, supportContact: tel. 12 34 56 78 }
log: { level: silent }
`
}
