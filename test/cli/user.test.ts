import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'
import { jsonLines, posthorn } from '../support/program.ts'

describe('posthorn user and posthorn agent', () => {
  let desk: HelpDesk
  let config: string
  const write = (portal: string) => {
    const path = desk.store.config.engine === 'sqlite' ? desk.store.config.path : ''
    writeFileSync(config, yaml(path, portal))
  }
  beforeAll(async () => {
    desk = await openHelpDesk('sqlite')
    await desk.take({})
    config = join(desk.store.dataFolder, 'posthorn.yaml')
    write('portal: { url: "https://help.acme.test", listen: "127.0.0.1:1" }')
  })
  afterAll(async () => await desk.store.close())

  const run = async (...args: string[]) => await posthorn([...args, '--config', config])
  const mailsTo = async (address: string) => (await desk.outbox()).filter((row) => row.to === address)

  it('invite somebody known, add somebody new and list them', async () => {
    expect(await run('user', 'invite', 'kim@customer.test', '--inviter', 'Anna Holm')).toMatchObject({
      code: 0,
      stdout: 'kim@customer.test: invited; the link in the mail works for 24 hours\n',
    })
    const added = await run('user', 'add', 'new@customer.test', '--name', 'Nora', '--organisation', 'Org', '--json')
    expect(jsonLines(added)).toEqual([
      { address: 'new@customer.test', name: 'Nora', kind: 'contact', isNew: true, hours: 24 },
    ])
    expect(await mailsTo('kim@customer.test')).toContainEqual(
      expect.objectContaining({ kind: 'activate-account', status: 'waiting' }),
    )
    expect(jsonLines(await run('user', 'list', '--json'))).toMatchObject([
      { address: 'kim@customer.test', state: 'invited', organisation: null },
      { address: 'new@customer.test', state: 'invited', organisation: 'Org' },
    ])
  })

  it('change an account, and show what was done to it', async () => {
    const steps = [
      [['require-2fa', 'kim@customer.test'], 'kim@customer.test: needs a second factor from the next sign-in on\n'],
      [['require-2fa', '--organisation', 'org'], 'org: needs a second factor from the next sign-in on\n'],
      [['disable', 'kim@customer.test'], 'kim@customer.test: disabled; all sessions and links have ended\n'],
    ] as const
    for (const [args, stdout] of steps) expect(await run('user', ...args)).toMatchObject({ code: 0, stdout })
    const log = jsonLines(await run('user', 'log', 'kim@customer.test', '--json'))
    expect(log).toMatchObject([{ what: 'disabled' }, { what: 'second-required' }, { what: 'invited' }])
    expect(log.every(({ actor }) => actor === 'administrator')).toBe(true)
  })

  it('make an account for an agent of the configuration, and say what to write there for anybody else', async () => {
    expect(await run('agent', 'add', 'anna@private.test')).toMatchObject({ code: 0 })
    expect(await mailsTo('anna@private.test')).toContainEqual(expect.objectContaining({ kind: 'activate-account' }))
    expect((await run('user', 'disable', 'anna@private.test')).stdout).toContain('posthorn.yaml')
    const other = await run('agent', 'add', 'eve@private.test')
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('email: eve@private.test') })
  })

  it('say what to do where something cannot be done', async () => {
    const failures = [
      [['user', 'invite', 'kim@customer.test'], 'posthorn user enable kim@customer.test'],
      [['user', 'require-2fa', '--organisation', 'Nobody'], 'posthorn user join'],
    ] as const
    for (const [args, hint] of failures)
      expect(await run(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(hint) })
    write('')
    expect(await run('user', 'invite', 'kim@customer.test')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Set portal.url'),
    })
  })
})

function yaml(path: string, portal: string): string {
  return `database: ${JSON.stringify(`sqlite:${path}`)}
secret: a secret of at least thirty-two characters
mailboxes:
  - name: support
    address: support@acme.test
    imap: { host: 127.0.0.1, user: support, password: x }
smtp: { host: 127.0.0.1 }
brands: [{ name: Acme, fromName: Acme Support, supportContact: tel. 12 34 56 78 }]
agents: [{ name: Anna Holm, email: anna@private.test }]
log: { level: silent }
${portal}
`
}
