import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listChanges } from '../../src/store/change-log.ts'
import { suppressAddress } from '../../src/store/suppressions.ts'
import { engines, type TestStore } from '../support/databases.ts'
import { PRIVATE } from '../support/notices.ts'
import { openPostOffice, type PostOffice, SECRETS } from '../support/post-office.ts'
import { jsonLines, posthorn } from '../support/program.ts'

const LINK = 'https://support.acme.test/t/abcdefghijklmnop'
const KIM = 'kim@customer.test'
const AT = '2026-11-20T10:00:00.000Z'

interface Shown {
  mail: { headers: string[]; text: string; notShown?: string }
}

describe.each(engines)('posthorn outbox on %s', (engine) => {
  let office: PostOffice
  let config: string
  let it1: { id: string; number: number }
  const ids: Record<'receipt' | 'comment' | 'toAgent' | 'reset' | 'second', string> = {
    ...{ receipt: '', comment: '', toAgent: '', reset: '', second: '' },
  }
  beforeAll(async () => {
    office = await openPostOffice(engine)
    it1 = await office.openCase()
    ids.receipt = await office.tell('case-received', it1)
    ids.comment = await office.tell('comment-added', it1, {
      comment_id: await office.comment(it1.id, 'Prøv **igen**.'),
    })
    ids.toAgent = await office.tell('case-opened', it1)
    ids.reset = await office.tell('reset-password', null, { data: JSON.stringify({ url: LINK, hours: 24 }) })
    ids.second = await office.tell('case-received', await office.openCase(), { to_address: 'bo@customer.test' })
    config = join(office.store.dataFolder, 'posthorn.yaml')
    writeFileSync(config, yaml(office.store))
  })
  afterAll(async () => {
    await office.close()
  })
  const run = async (...args: string[]) => await posthorn(['outbox', ...args, '--config', config])
  const fail = async (id: string) =>
    await office.store.db
      .updateTable('outbox')
      .set({ status: 'failed', last_error: '550 no', attempts: 1 })
      .where('id', '=', id)
      .execute()

  it('lists rows, only those that are asked for', async () => {
    const list = async (...args: string[]) =>
      jsonLines<{ id: string }>(await run('list', '--json', ...args)).map((row) => row.id)
    expect(await list()).toEqual([ids.receipt, ids.comment, ids.toAgent, ids.reset, ids.second])
    expect(await list('--case', '#1', '--to', 'Kim@customer.test')).toEqual([ids.receipt, ids.comment])
    expect(await list('--kind', 'case-received', '--status', 'waiting', '--most', '1')).toEqual([ids.second])
  })

  it('says which statuses and kinds there are, where another is asked for', async () => {
    const wrong = await run('list', '--status', 'lost')
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).toContain('waiting, sending, sent, failed, suppressed, cancelled')
    expect((await run('list', '--most', '-1')).stderr).toContain('a whole number')
  })

  it('shows one row and its mail as it would leave', async () => {
    const [shown] = jsonLines<Shown>(await run('show', ids.comment, '--json'))
    expect(shown).toMatchObject({
      id: ids.comment,
      kind: 'comment-added',
      case: 1,
      to: KIM,
      status: 'waiting',
      attempts: 0,
    })
    expect(shown?.mail.headers).toContainEqual(expect.stringMatching(/^Message-ID: <.*@acme\.test>/))
    expect(shown?.mail.text).toContain('Prøv **igen**.')
    const { stdout } = await run('show', ids.comment)
    expect(stdout).toContain('Prøv **igen**.')
    expect(stdout).toMatch(/^nextAttemptAt +2/m)
  })

  it('never shows a link that lets its reader in', async () => {
    const { stdout } = await run('show', ids.reset)
    expect(stdout).toContain('reset-password')
    expect(stdout).toContain('is not shown')
    expect(stdout).not.toContain('https://')
    expect((await run('show', 'nothing')).stderr).toContain('there is no row nothing')
  })

  it('cancels what is waiting, says so on the case, and refuses what is not', async () => {
    await fail(ids.receipt)
    const ended = await run('cancel', ids.toAgent, ids.receipt, 'nothing')
    expect(ended).toMatchObject({ code: 1, stdout: '1 rows are cancelled\n' })
    expect(ended.stderr).toContain(`${ids.receipt} cannot be cancelled: it is failed, not waiting`)
    expect(ended.stderr).toContain('nothing cannot be cancelled: there is no such row')
    expect(await office.row(ids.toAgent)).toMatchObject({ status: 'cancelled' })
    expect(await office.row(ids.receipt)).toMatchObject({ status: 'failed' })
    const [change, ...more] = await listChanges(office.store.db, it1.id)
    expect(more).toEqual([])
    expect(change).toMatchObject({
      ...{ what: 'delivery', from_value: 'case-opened to a…@private.test' },
      to_value: 'cancelled on the command line',
    })
    expect(JSON.stringify(change)).not.toContain(PRIVATE)
  })

  it('sends failed rows again, but for those that cannot be', async () => {
    await fail(ids.reset)
    await fail(ids.second)
    await office.store.transaction(
      async (tx) => await suppressAddress(tx, { address: 'bo@customer.test', reason: 'gone', at: AT, row: null }),
    )
    const named = await run('retry', ids.reset, ids.second)
    expect(named).toMatchObject({ code: 1, stdout: '0 rows are due again\n' })
    expect(named.stderr).toContain('the link in it is gone; let the person ask for a new one')
    expect(named.stderr).toContain('posthorn suppression remove bo@customer.test')
    expect(await run('retry')).toMatchObject({ code: 0, stdout: '1 rows are due again\n' })
    expect(await office.row(ids.receipt)).toMatchObject({ status: 'waiting', attempts: 0 })
  })

  it('pauses and resumes, and says so wherever somebody looks', async () => {
    expect((await run('pause', '--reason', 'a new server')).stdout).toContain('(a new server)')
    expect((await run('pause')).stdout).toContain('(a new server)')
    const listed = await run('list', '--json')
    expect(listed.stderr).toContain('the outbox is paused since')
    expect(jsonLines(listed).length).toBe(5)
    const checked = await posthorn(['check', '--json', '--config', config])
    expect(jsonLines(checked)).toContainEqual(
      expect.objectContaining({ what: 'outbox', works: true, detail: expect.stringContaining('(a new server)') }),
    )
    expect((await run('resume')).stdout).toContain('not paused any more')
    expect((await run('resume')).stdout).toContain('was not paused')
  })
})

function yaml({ config, dataFolder }: TestStore): string {
  return `database: ${config.engine === 'sqlite' ? `sqlite:${config.path}` : JSON.stringify(config.url)}
dataFolder: ${dataFolder}
secret: ${SECRETS[0]}
mailboxes:
  - name: support
    address: support@acme.test
    imap: { host: 127.0.0.1, port: 1, tls: none, user: support, password: x }
smtp: { host: 127.0.0.1, port: 1, tls: none }
brands:
  - { name: Acme, fromName: Acme Support, supportContact: tel. 12 34 56 78 }
log: { level: silent }
`
}
