import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { suppressAddress } from '../../src/store/suppressions.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'
import { jsonLines, posthorn } from '../support/program.ts'

const MALLORY = { name: 'Mallory', address: 'mallory@elsewhere.test' }
const AT = '2026-11-20T10:00:00.000Z'

describe('posthorn hold and posthorn suppression', () => {
  let desk: HelpDesk
  let config: string
  beforeAll(async () => {
    desk = await openHelpDesk('sqlite')
    await desk.take({})
    for (const reply of ['Den første', 'Den anden'])
      await desk.take({ from: MALLORY, to: [desk.key(1, 'customer')], reply })
    const unreadable = desk.mail({})
    await desk.takeAll([{ ...unreadable, parsed: { kind: 'unreadable', why: 'it is broken' } }])
    config = join(desk.store.dataFolder, 'posthorn.yaml')
    writeFileSync(config, yaml(desk.store.config.engine === 'sqlite' ? desk.store.config.path : ''))
  })
  afterAll(async () => {
    await desk.store.close()
  })
  const run = async (...args: string[]) => await posthorn([...args, '--config', config])
  const list = async (...args: string[]) =>
    jsonLines<Record<string, string>>(await run('hold', 'list', '--json', ...args))

  it('lists what is held and what is quarantined, each with its reason', async () => {
    expect(await list()).toMatchObject([
      {
        kind: 'comment',
        state: 'held',
        case: 1,
        from: MALLORY.address,
        reason: expect.stringContaining('without a part'),
      },
      { kind: 'comment', state: 'held', case: 1 },
      { kind: 'mail', state: 'quarantined', case: null, reason: 'it could not be read: it is broken' },
    ])
    expect((await run('hold', 'list')).stdout).toContain('quarantined')
  })

  it('admits one, refuses another, and says no to what cannot be decided', async () => {
    const [first, second, mail] = (await list()).map((row) => row.id ?? '')
    expect(await run('hold', 'admit', first ?? '')).toMatchObject({ code: 0, stdout: `${first}: admitted\n` })
    expect(await run('hold', 'refuse', second ?? '')).toMatchObject({ code: 0 })
    const it = await desk.show(1)
    expect(it.comments.map((one) => one.visibility)).toEqual(['public', 'internal'])
    const again = await run('hold', 'admit', first ?? '')
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('admitted by posthorn') })
    expect((await run('hold', 'admit', mail ?? '')).stderr).toContain(`posthorn mailbox replay ${mail}`)
    expect((await list()).map((row) => row.kind)).toEqual(['mail'])
    expect((await list('--all')).map((row) => row.state).sort()).toEqual(['admitted', 'quarantined', 'refused'])
  })

  it('lists suppressed addresses, and lifts one', async () => {
    await desk.store.transaction(async (tx) => {
      await suppressAddress(tx, { address: 'kim@customer.test', reason: 'no such user', at: AT, row: null })
    })
    expect(jsonLines(await run('suppression', 'list', '--json'))).toEqual([
      { address: 'kim@customer.test', reason: 'no such user', at: AT, row: null },
    ])
    expect(await run('suppression', 'remove', 'Kim@Customer.test')).toMatchObject({ code: 0 })
    expect(jsonLines(await run('suppression', 'list', '--json'))).toEqual([])
    expect(await run('suppression', 'remove', 'kim@customer.test')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not suppressed'),
    })
  })
})

function yaml(path: string): string {
  return `database: sqlite:${path}
secret: a secret of at least thirty-two characters
mailboxes:
  - name: support
    address: support@acme.test
    imap: { host: 127.0.0.1, user: support, password: x }
smtp: { host: 127.0.0.1 }
brands:
  - { name: Acme, fromName: Acme Support, supportContact: tel. 12 34 56 78 }
log: { level: silent }
`
}
