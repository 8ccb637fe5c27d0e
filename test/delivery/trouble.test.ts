import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SmtpConfig } from '../../src/config/config.ts'
import { RETRY_AFTER } from '../../src/delivery/schedule.ts'
import { engines } from '../support/databases.ts'
import { openPostOffice, type PostOffice } from '../support/post-office.ts'
import { type Script, type ScriptedSmtp, startScriptedSmtp } from '../support/scripted-smtp.ts'

const MINUTE = RETRY_AFTER[0] ?? 0

describe.each(engines)('a server in trouble, with the outbox on %s', (engine) => {
  let office: PostOffice
  let server: ScriptedSmtp
  beforeEach(async () => {
    office = await openPostOffice(engine)
    server = await startScriptedSmtp()
  })
  afterEach(async () => {
    await office.close()
    await server.close()
  })

  const work = (over: Partial<SmtpConfig> = {}, timeouts = {}) =>
    office.work({ connections: 2 }, timeouts, { host: server.host, port: server.port, ...over })
  const tell = async () => await office.tell('case-received', await office.openCase())
  const becomes = async (id: string, wanted: object) =>
    await vi.waitFor(
      async () => {
        const row = await office.row(id)
        expect(row).toMatchObject(wanted)
        return row
      },
      { timeout: 10_000, interval: 10 },
    )
  const accepted = () => server.accepted.length

  /** Says something on the first occasion alone. */
  const once = <T>(say: T): (() => T | null) => {
    let said = false
    return () => {
      if (said) return null
      said = true
      return say
    }
  }
  const at = (command: string, line: { say: string; end?: boolean }): Script => {
    const first = once(line)
    return { command: (given) => (given.startsWith(command) ? first() : null) }
  }

  const PASSING: [string, () => Script, RegExp][] = [
    ['421 in its greeting', () => ({ greeting: once({ say: '421 4.3.2 too busy', end: true }) }), /421/],
    ['421 at RCPT', () => at('RCPT', { say: '421 4.3.2 shutting down', end: true }), /421/],
    ['451 at RCPT: it is greylisted', () => at('RCPT', { say: '451 4.7.1 come back later' }), /^451 4\.7\.1 come back/],
    ['451 at DATA', () => at('DATA', { say: '451 4.3.0 no disk' }), /^451/],
    ['452 after the data', () => ({ dot: once({ say: '452 4.2.2 mailbox full' }) }), /^452/],
    ['421 after the data', () => ({ dot: once({ say: '421 4.3.2 shutting down', end: true }) }), /421/],
    ['550 to MAIL FROM', () => at('MAIL', { say: '550 5.7.1 not from you' }), /^550/],
  ]

  test.each(PASSING)(
    'that says %s is asked again after a minute, and the mail arrives once',
    async (_, script, why) => {
      server.follow(script())
      const id = await tell()
      const worker = work()
      const row = await becomes(id, { status: 'waiting', attempts: 1 })
      expect(row.last_error).toMatch(why)
      expect(row.last_error).not.toContain('may have arrived')
      office.world.pass(MINUTE)
      worker.nudge()
      await becomes(id, { status: 'sent', attempts: 2 })
      expect(server.accepted).toEqual([`<${row.message_id}>`])
    },
  )

  const REFUSING: [string, Script][] = [
    ['RCPT', { command: (given) => (given.startsWith('RCPT') ? { say: '550 5.7.1 not to them' } : null) }],
    ['DATA', { command: (given) => (given.startsWith('DATA') ? { say: '554 5.6.0 not this' } : null) }],
    ['the final dot', { dot: () => ({ say: '554 5.7.1 it is spam' }) }],
  ]

  test.each(REFUSING)('that refuses it at %s is not asked again', async (_, script) => {
    server.follow(script)
    const id = await tell()
    work()
    expect((await becomes(id, { status: 'failed', attempts: 1 })).last_error).toMatch(/^55[04] 5\.\d\.\d /)
    expect(accepted()).toBe(0)
  })

  test('that closes after ten mails gets all of them, each once', async () => {
    server.follow({
      dot: (number) => (number === 10 ? { say: '250 ok\r\n421 4.7.0 too many mails', end: true } : null),
    })
    const ids: string[] = []
    for (let n = 0; n < 35; n++) ids.push(await tell())
    const worker = work()
    await vi.waitFor(
      async () => {
        const rows = await office.rows()
        // A mail that met the closing door comes again as the schedule says.
        if (rows.some((row) => row.status === 'waiting' && row.attempts > 0)) office.world.pass(MINUTE)
        worker.nudge()
        expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['sent']))
      },
      { timeout: 15_000, interval: 20 },
    )
    const all = (await office.rows()).map((row) => `<${row.message_id}>`)
    expect([...server.accepted].sort()).toEqual(all.sort())
    expect(server.connections).toBeGreaterThanOrEqual(4)
  })

  test('that never answers the handshake of TLS does not hold the mail for ever', async () => {
    server.follow({ greeting: () => 'hang' })
    const id = await tell()
    work({ tls: 'implicit' }, { connect: 200, greeting: 200, silence: 60_000 })
    expect((await becomes(id, { status: 'waiting', attempts: 1 })).last_error).toMatch(/ETIMEDOUT|ETLS/)
  })

  test('that stalls after STARTTLS does not hold the mail for ever', async () => {
    server.follow({
      command: (given) =>
        given.startsWith('EHLO')
          ? { say: '250-scripted.test\r\n250 STARTTLS' }
          : given.startsWith('STARTTLS')
            ? { say: '220 go on' }
            : null,
    })
    const id = await tell()
    work({ tls: 'starttls' }, { connect: 200, greeting: 200, silence: 60_000 })
    expect((await becomes(id, { status: 'waiting', attempts: 1 })).last_error).toMatch(/ETIMEDOUT|ETLS/)
  })
})
