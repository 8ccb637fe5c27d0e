import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DigestDesk, openDigestDesk } from '../digest/desk.ts'
import { jsonLines, posthorn } from '../support/program.ts'

describe('posthorn digest, areas and articles', () => {
  let desk: DigestDesk
  let config: string
  beforeAll(async () => {
    desk = await openDigestDesk('sqlite')
    await desk.take({})
    // The program goes by the real clock.
    desk.setClock(new Date().toISOString())
    config = join(desk.store.dataFolder, 'posthorn.yaml')
    writeFileSync(config, yaml(desk.store.config.engine === 'sqlite' ? desk.store.config.path : ''))
  })
  afterAll(async () => {
    await desk.store.close()
  })
  const run = async (...args: string[]) => await posthorn([...args, '--config', config])

  it('lists schedules with the next time and the last one', async () => {
    expect(jsonLines(await run('digest', 'list', '--json'))).toEqual([
      {
        name: 'agents',
        schedule: '0 7 * * *',
        timeZone: 'Europe/Copenhagen',
        next: expect.stringMatching(/^20..-..-..T07:00$/),
        latest: expect.stringMatching(/^20..-..-..T07:00$/),
        prepared: null,
        preparedAt: null,
      },
      expect.objectContaining({ name: 'contacts', schedule: 'off', next: null }),
      expect.objectContaining({ name: 'articles', schedule: '0 8 * * *' }),
    ])
  })

  it('says who would get what, then writes it, and once', async () => {
    const dry = await run('digest', 'run', 'agents', '--dry-run')
    expect(dry.stdout).toMatch(/^to +language +since +opened +waitingOnUs/)
    expect(dry.stdout).toMatch(/anna@private\.test[\s\S]*2 digests would be written\n$/)
    expect(await desk.written()).toEqual([])
    const one = jsonLines(await run('digest', 'run', 'agents', '--json', '--to', 'anna@private.test'))
    expect(one).toMatchObject([
      { digest: 'agents', dryRun: false, to: 'anna@private.test', counts: { waitingOnUs: 1 } },
    ])
    expect((await desk.written()).map(({ to }) => to)).toEqual(['anna@private.test'])
    const off = await run('digest', 'run', 'contacts')
    expect([off.code, off.stderr]).toEqual([1, expect.stringContaining("the digest 'contacts' is off")])
  })

  it('makes an area, lets somebody follow it, and tells them of an article', async () => {
    const file = join(desk.store.dataFolder, 'article.md')
    writeFileSync(file, 'Hold knappen inde i ti sekunder.\n')
    const publish = async () =>
      await run('articles', 'publish', file, '--area', 'Print', '--title', 'Nulstil printeren')
    expect(await publish()).toMatchObject({ code: 1, stderr: expect.stringContaining("there is no area 'Print'") })
    expect((await run('areas', 'add', 'Print')).stdout).toBe('Print: made\n')
    await desk.person('Lee')
    expect((await run('areas', 'follow', 'Print', 'lee@customer.test')).stdout).toBe('lee@customer.test: follows\n')
    expect((await run('areas', 'follow', 'Print', 'who@customer.test')).stderr).toContain('nobody with the address')
    expect((await publish()).stdout).toMatch(/: published\n$/)
    expect((await run('areas', 'list')).stdout).toMatch(/^name +followers +articles\nPrint +1 +1\n$/)
    expect((await run('areas', 'unfollow', 'Print', 'lee@customer.test')).stdout).toContain('follows no more')
    expect((await desk.outbox()).filter(({ kind }) => kind === 'article-published')).toMatchObject([
      { to: 'lee@customer.test', status: 'waiting' },
    ])
  })
})

const yaml = (path: string) => `
database: sqlite:${path}
secret: a secret of at least thirty-two characters
timeZone: Europe/Copenhagen
digests: { agents: '0 7 * * *', contacts: 'off' }
mailboxes:
  - name: support
    address: support@acme.test
    imap: { host: 127.0.0.1, port: 993, user: support, password: x }
smtp: { host: 127.0.0.1, port: 25 }
brands: [{ name: acme, fromName: Acme Support, signature: Acme, supportContact: '+45 70 12 34 56' }]
agents: [{ name: Anna Holm, email: anna@private.test, language: en }]
log: { level: silent }
`
