import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readMail } from '../../src/message/read-mail.ts'
import { type SandboxSmtp, startSmtpServer } from '../../src/sandbox/smtp-server.ts'
import { ANNA, type Arrived, answerTo, KIM, letter, poll, SUPPORT } from '../support/flow.ts'
import { mailServers, type TestMailServer } from '../support/mail-servers.ts'
import { jsonLines, posthorn, type Started, startProgram } from '../support/program.ts'

const ENV = { TEST_IMAP_PASSWORD: 'secret', TEST_SECRET: 'a secret of at least thirty-two characters' }

describe.each(mailServers)('posthorn as a program, on $name and SQLite', (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-program-'))
  const config = join(folder, 'posthorn.yaml')
  const withConfig = async (...args: string[]) => await posthorn([...args, '--config', config], ENV)
  let server: TestMailServer
  let smtp: SandboxSmtp
  let user: string
  let started: Started
  beforeAll(async () => {
    server = await kind.start()
    user = server.newUser()
    smtp = await startSmtpServer()
    writeFileSync(config, yaml(server.port, user, smtp.port))
    started = await startProgram(config, ENV)
  })
  afterAll(async () => {
    if (started.child.exitCode === null) await started.stop()
    await smtp.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const arrived = async (to: string, count: number): Promise<Arrived> =>
    await poll(async () => {
      const raw = smtp.mails.filter((mail) => mail.to.includes(to))[count - 1]?.raw
      return raw && { to, raw, message: (await readMail(raw)).message }
    }, `mail ${count} to ${to}`)

  it('checks the configuration and everything it names', async () => {
    expect((await withConfig('config', 'check')).code).toBe(0)
    const check = await withConfig('check', '--json')
    expect(jsonLines(check)).toMatchObject([
      { works: true },
      { what: 'outbox', works: true, detail: 'not paused' },
      { what: 'mailbox support', works: true },
      { works: true },
      { works: true },
    ])
    expect(check.code).toBe(0)
  })

  it('plays the main road', async () => {
    await server.append(user, 'INBOX', [letter({ text: 'Printeren er død. Æøå.' })])
    const opened = await arrived(ANNA.address, 1)
    await server.append(user, 'INBOX', [answerTo(opened, ANNA, 'Sluk for den.')])
    const answer = await arrived(KIM.address, 2)
    expect(answer.message.reply).toContain('Sluk for den.')
    await server.append(user, 'INBOX', [answerTo(answer, KIM, 'Tak, det hjalp!')])
    const thanks = await arrived(ANNA.address, 2)
    await server.append(user, 'INBOX', [answerTo(thanks, ANNA, '#solved\nDen er nulstillet.')])
    expect((await arrived(KIM.address, 3)).message.text).toContain('Den er nulstillet.')
  })

  it('shows the case as scripts read it', async () => {
    expect(jsonLines(await withConfig('cases', 'list', '--json'))).toMatchObject([
      {
        number: 1,
        title: 'Printeren er død',
        status: 'solved',
        priority: 'normal',
        contact: KIM,
        mailbox: 'support',
        language: 'da',
        answerBy: 'email',
      },
    ])
    const [shown] = jsonLines<{ comments: object[] }>(await withConfig('cases', 'show', '1', '--json'))
    expect(shown).toMatchObject({
      description: 'Printeren er død. Æøå.',
      solution: { text: 'Den er nulstillet.', author: 'Anna Holm', accepted: null },
    })
    expect(shown?.comments).toHaveLength(3)
    expect(shown?.comments[1]).toMatchObject({
      role: 'contact',
      visibility: 'public',
      channel: 'mail',
      text: 'Tak, det hjalp!',
    })
    const missing = await withConfig('cases', 'show', '99')
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain("there is no case '99'")
  })

  it('accounts for every mail and every row', async () => {
    expect(jsonLines(await withConfig('ledger', '--json'))).toMatchObject([
      { mailbox: 'support', taken: 4, done: 4, quarantined: 0, unaccounted: 0 },
    ])
    const rows = await poll(async () => {
      const all = jsonLines<{ status: string }>(await withConfig('outbox', 'list', '--json'))
      return all.every((row) => row.status === 'sent') ? all : undefined
    }, 'an outbox where all is sent')
    expect(rows[0]).toMatchObject({ kind: 'case-received', to: KIM.address, case: 1, attempts: 1, lastError: null })
  })

  it('explains what it would do with a mail, and why', async () => {
    const file = join(folder, 'mail.eml')
    writeFileSync(file, letter({ text: 'Noget nyt' }))
    const [explained] = jsonLines<{ rules: object[] }>(await withConfig('explain', '--json', file))
    expect(explained).toMatchObject({ file, decision: 'open', case: null })
    expect(explained?.rules.at(-1)).toMatchObject({ applied: true })
  })

  it('logs neither addresses nor secrets', () => {
    const log = JSON.stringify(started.log.lines)
    for (const secret of [KIM.address, ANNA.address, ...Object.values(ENV)]) expect(log).not.toContain(secret)
  })

  it('stops when it is asked to', async () => {
    expect(await started.stop()).toBe(0)
    expect(started.log.lines.at(-1)?.msg).toBe('posthorn has stopped')
  })
})

describe('the demo', () => {
  it('plays its story to the end', async () => {
    const { code, stdout, stderr } = await posthorn(['demo', '--once'])
    expect(stderr).toBe('')
    expect(stdout).toContain('The story is true from end to end.')
    expect(code).toBe(0)
  })
})

function yaml(imapPort: number, user: string, smtpPort: number): string {
  return `
database: sqlite:./posthorn.db
secret: \${TEST_SECRET}
mailboxes:
  - name: support
    address: ${SUPPORT}
    language: da
    brand: Acme
    pollSeconds: 1
    after: {move: Processed}
    imap: {host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${user}, password: '\${TEST_IMAP_PASSWORD}'}
smtp: {host: 127.0.0.1, port: ${smtpPort}, tls: none}
brands:
  - {name: Acme, fromName: Acme Support, signature: Acme ApS, supportContact: tel. 12 34 56 78}
agents:
  - {name: ${ANNA.name}, email: ${ANNA.address}}
`
}
