import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig, parseConfig } from '../../src/config/load.ts'
import { jsonSchema } from '../../src/config/schema.ts'
import { PosthornError } from '../../src/core/errors.ts'

const root = join(import.meta.dirname, '../..')
const SECRET = 'a secret of thirty-two characters or more'
const env = { POSTHORN_SECRET: SECRET, IMAP_PASSWORD: 'imap-password', SMTP_PASSWORD: 'smtp-password' }

/** A whole small configuration, with one text replaced by another. */
function configured(...changes: [string, string][]): string {
  const text = `secret: \${POSTHORN_SECRET}
mailboxes:
  - name: support
    address: Support@Example.com
    imap: { host: imap.example.com, user: support, password: "\${IMAP_PASSWORD}" }
smtp: { host: smtp.example.com }
brands:
  - { name: Acme, fromName: Acme Support, supportContact: +45 12 34 56 78 }
agents:
  - { name: Anna, email: Anna@Example.com }
`
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`'${from}' is not in the configuration`)
    return changed.replace(from, () => to)
  }, text)
}

const load = (...changes: [string, string][]) => parseConfig(configured(...changes), env, '/etc/posthorn/posthorn.yaml')

function problemsOf(...changes: [string, string][]): string[] {
  return problemsIn(configured(...changes))
}

function problemsIn(text: string): string[] {
  try {
    parseConfig(text, env, 'posthorn.yaml')
  } catch (error) {
    if (!(error instanceof PosthornError)) throw error
    expect(error).toMatchObject({ code: 'config', temporary: false })
    return error.message.split('\n  ').slice(1)
  }
  return []
}

describe('a configuration', () => {
  it('may leave out what has a default', () => {
    expect(load()).toEqual({
      database: { engine: 'sqlite', path: '/etc/posthorn/data/posthorn.db' },
      dataFolder: '/etc/posthorn/data',
      secrets: [SECRET],
      portal: null,
      sms: null,
      identityProviders: [],
      mailboxes: [
        {
          name: 'support',
          address: 'support@example.com',
          imap: {
            host: 'imap.example.com',
            port: 993,
            tls: 'implicit',
            allowSelfSigned: false,
            user: 'support',
            auth: { kind: 'password', password: 'imap-password' },
          },
          folder: 'INBOX',
          after: { kind: 'move', folder: 'Processed' },
          language: 'en',
          brand: 'Acme',
          plusAddress: true,
          verp: true,
          pollSeconds: 60,
          defaults: { product: null, category: null },
          participants: { policy: 'same-organisation', most: 10 },
          trust: { authservId: null, check: null, agents: null },
        },
      ],
      smtp: {
        host: 'smtp.example.com',
        port: 587,
        tls: 'starttls',
        allowSelfSigned: false,
        user: null,
        auth: null,
        connections: 5,
        perDomain: { connections: 3, perMinute: null },
        dkim: null,
      },
      templates: null,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      administrator: null,
      digests: { agents: '0 7 * * 1-5', contacts: '0 8 * * 1', articles: '0 8 * * *' },
      brands: [
        {
          name: 'Acme',
          fromName: 'Acme Support',
          signature: '',
          supportContact: '+45 12 34 56 78',
          passwords: 'nist',
          color: '#1f5fd0',
          logo: null,
        },
      ],
      agents: [{ name: 'Anna', email: 'anna@example.com', language: 'en', timeZone: null }],
      keys: { expireDays: null },
      rules: [],
      spam: 'open',
      clamd: null,
      limits: {
        mailSize: 40 * 1024 ** 2,
        parseSeconds: 20,
        parseMemory: 512 * 1024 ** 2,
        blobInline: 256 * 1024,
        attempts: 3,
        noticeAttachments: 10 * 1024 ** 2,
      },
      budgets: { perAddressPerDay: 10, perDomainPerDay: 200, reopensPerDay: 5, toldPerMinute: 20 },
      log: { level: 'info' },
    })
  })

  it('takes sizes with a unit and in bytes, and numbers from the environment', () => {
    const text = configured([
      'secret:',
      'limits: { mailSize: 1.5 MB, blobInline: 4096, attempts: "$' + '{ATTEMPTS}" }\nsecret:',
    ])
    const { limits } = parseConfig(text, { ...env, ATTEMPTS: '7' }, 'posthorn.yaml')
    expect(limits).toMatchObject({ mailSize: 1_572_864, blobInline: 4096, attempts: 7 })
  })

  it.each([
    ['flag', { kind: 'flag' }],
    ['delete', { kind: 'delete' }],
    ['leave', { kind: 'leave' }],
    ['{ move: Arkiv/Behandlet }', { kind: 'move', folder: 'Arkiv/Behandlet' }],
  ])('says what happens to a mail on the server: %s', (written, after) => {
    expect(load(['    imap:', `    after: ${written}\n    imap:`]).mailboxes[0]?.after).toEqual(after)
  })

  it('finds TLS by the port, and plain text only when it is asked for', () => {
    const tlsAt = (settings: string) => load(['smtp.example.com', `smtp.example.com, ${settings}`]).smtp.tls
    expect(tlsAt('port: 465')).toBe('implicit')
    expect(tlsAt('port: 587')).toBe('starttls')
    expect(tlsAt('port: 2525, tls: none')).toBe('none')
    expect(problemsOf(['smtp.example.com', 'smtp.example.com, port: 2525'])).toEqual([
      'smtp.tls (line 6): found nothing; allowed: implicit, starttls or none: the port 2525 does not tell',
    ])
  })

  it('keeps a PostgreSQL URL, and its data folder beside the file', () => {
    const config = load(['secret:', 'database: postgres://posthorn@/posthorn?host=/run/postgresql\nsecret:'])
    expect(config.database).toEqual({ engine: 'postgres', url: 'postgres://posthorn@/posthorn?host=/run/postgresql' })
    expect(config.dataFolder).toBe('/etc/posthorn/data')
  })

  it('listens where the portal is told to', () => {
    const listenAt = (listen: string) =>
      load(['secret:', `portal: { url: https://example.com, listen: ${listen} }\nsecret:`]).portal?.listen
    expect(listenAt('8080')).toEqual({ host: '127.0.0.1', port: 8080 })
    expect(listenAt('0.0.0.0:80')).toEqual({ host: '0.0.0.0', port: 80 })
    expect(listenAt('"[::1]:8080"')).toEqual({ host: '::1', port: 8080 })
  })

  it('knows the OpenID providers, asks each for openid, and takes plain HTTP from this machine alone', () => {
    const provider = (issuer: string) =>
      `identityProviders: [{ name: entra, label: Microsoft, issuer: "${issuer}", clientId: id, clientSecret: s, scopes: [email] }]\nsecret:`
    expect(load(['secret:', provider('http://127.0.0.1:8080')]).identityProviders).toEqual([
      {
        name: 'entra',
        label: 'Microsoft',
        issuer: 'http://127.0.0.1:8080',
        clientId: 'id',
        clientSecret: 's',
        scopes: ['openid', 'email'],
        secondFactorAcr: [],
      },
    ])
    for (const issuer of ['http://login.example.com', 'https://login.example.com/?a=b', 'http://127.0.0.1.example.com'])
      expect(problemsOf(['secret:', provider(issuer)])).toHaveLength(1)
  })

  it('knows how text messages are sent, and what must be filled in', () => {
    const sms = (text: string): [string, string] => ['secret:', `sms: ${text}\nsecret:`]
    const body = `body: '{"to": "{to}", "text": "{text}"}'`
    expect(load(sms(`{ url: "https://sms.test/{to}", ${body}, prefixes: ["+45"] }`)).sms).toEqual({
      url: 'https://sms.test/{to}',
      method: 'POST',
      headers: {},
      contentType: 'application/json',
      body: '{"to": "{to}", "text": "{text}"}',
      from: '',
      prefixes: ['+45'],
      perDay: 500,
    })
    const wrong = [
      ['{ url: "https://sms.test/{to}" }', 'sms.url (line 1): found nothing with {text}'],
      [`{ url: "https://sms.test/", method: GET, ${body} }`, 'sms.body (line 1): found a body for GET'],
      ['{ url: "https://sms.test/", body: "to={to}&text={text}" }', 'sms.body (line 1): found text that is no JSON'],
      [`{ url: "https://sms.test/", ${body}, prefixes: ["45"] }`, "sms.prefixes[0] (line 1): found '45'"],
    ]
    for (const [text = '', problem] of wrong)
      expect(problemsOf(sms(text))).toEqual([expect.stringContaining(problem ?? '')])
  })

  it('logs in by OAuth2 where it is told to', () => {
    const oauth2 = 'oauth2: { tokenUrl: https://login.example.com/token, clientId: id, refreshToken: first }'
    expect(load([`password: "\${IMAP_PASSWORD}"`, oauth2]).mailboxes[0]?.imap.auth).toEqual({
      kind: 'oauth2',
      tokenUrl: 'https://login.example.com/token',
      clientId: 'id',
      clientSecret: null,
      refreshToken: 'first',
      scope: null,
    })
  })

  it('takes schedules as cron says them, and off', () => {
    const digests = (text: string): [string, string] => ['smtp:', `digests: ${text}\nsmtp:`]
    expect(load(digests("{ agents: '30 6 * * mon-fri', contacts: 'off' }")).digests).toEqual({
      agents: '30 6 * * mon-fri',
      contacts: null,
      articles: '0 8 * * *',
    })
    for (const never of ['0 7 31 2 *', '99 7 * * *', 'daily', '0 7 * * * *'])
      expect(problemsOf(digests(`{ agents: '${never}' }`))).toEqual([
        expect.stringContaining(`digests.agents (line 6): found '${never}'; allowed: minute hour day month weekday`),
      ])
  })

  it('takes a list of secrets, the first of which signs', () => {
    expect(load([`\${POSTHORN_SECRET}`, `["\${POSTHORN_SECRET}", "${'o'.repeat(32)}"]`]).secrets).toEqual([
      SECRET,
      'o'.repeat(32),
    ])
  })

  it('leaves text alone that only looks like a variable', () => {
    expect(load([`"\${IMAP_PASSWORD}"`, `"$\${IMAP_PASSWORD} $5 $$"`]).mailboxes[0]?.imap.auth).toEqual({
      kind: 'password',
      password: `\${IMAP_PASSWORD} $5 $$`,
    })
  })
})

describe("a rule of the administrator's", () => {
  const rules = (text: string): [string, string] => ['smtp: {', `rules:\n${text}\nsmtp: {`]

  it('is read with its patterns, and with what it leaves out', () => {
    const [rule] = load(
      rules(
        `  - { name: News, when: { header: { List-Id: '*News*' }, from: [a@b.c, '*@d.e'] }, then: { set: { tag: New }, assign: ANNA@example.com } }`,
      ),
    ).rules
    expect(rule).toEqual({
      name: 'News',
      conditions: {
        headers: [{ name: 'list-id', patterns: [{ parts: ['', 'news', ''] }] }],
        from: [{ parts: ['a@b.c'] }, { parts: ['', '@d.e'] }],
        to: [],
        subject: [],
        mailbox: [],
        text: [],
        attachment: [],
        automatic: null,
      },
      actions: {
        set: { priority: null, product: null, category: null, tags: ['new'] },
        assign: 'anna@example.com',
        ignore: false,
        hold: false,
      },
    })
  })

  it.each([
    [
      'an unknown assignee',
      '{ name: a, when: { from: x }, then: { assign: ana@example.com } }',
      "did you mean 'anna@example.com'?",
    ],
    [
      'a mailbox that does not exist',
      '{ name: a, when: { mailbox: sales }, then: { ignore: true } }',
      'one of support',
    ],
    ['no condition', '{ name: a, when: {}, then: { ignore: true } }', 'at least one condition'],
    ['nothing to do', '{ name: a, when: { from: x }, then: {} }', 'at least one of set, assign, ignore, hold'],
    ['two fates', '{ name: a, when: { from: x }, then: { ignore: true, hold: true } }', 'one of ignore and hold'],
    ['an unknown condition', '{ name: a, when: { form: x }, then: { ignore: true } }', "did you mean 'from'?"],
    ['an unknown priority', '{ name: a, when: { from: x }, then: { set: { priority: top } } }', 'one of low, normal'],
    ['an empty pattern', "{ name: a, when: { from: '' }, then: { ignore: true } }", 'text of 1 to 200 characters'],
    ['a tag of two words', "{ name: a, when: { from: x }, then: { set: { tag: 'a b' } } }", 'one word'],
  ])('is refused with %s', (_what, rule, problem) => {
    expect(problemsOf(rules(`  - ${rule}`)).join('\n')).toContain(problem)
  })

  it('has a name of its own', () => {
    const rule = '  - { name: a, when: { from: x }, then: { ignore: true } }'
    expect(problemsOf(rules(`${rule}\n${rule}`)).join()).toContain('a name that no other rule has')
  })
})

describe('a problem in a configuration', () => {
  it('is told together with all others, each with its place', () => {
    const problems = problemsOf(
      [`"\${IMAP_PASSWORD}"`, `"\${IMAP_PASSWRD}", port: 99999`],
      ['name: support', 'name: support\n    langage: da\n    pollSeconds: soon'],
      ['smtp: { host: smtp.example.com }', 'smtp: {}'],
    )
    expect(problems).toEqual([
      "mailboxes[0].langage (line 4): found a setting that is not known; did you mean 'language'?",
      "mailboxes[0].pollSeconds (line 5): found 'soon'; allowed: seconds from 1 to 86400",
      `mailboxes[0].imap.password (line 7): found \${IMAP_PASSWRD}, which is not set in the environment; allowed: a value for IMAP_PASSWRD`,
      'mailboxes[0].imap.port (line 7): found 99999; allowed: a port from 1 to 65535',
      'smtp.host (line 8): found nothing; allowed: text (in quotes where it looks like a number)',
    ])
  })

  it('lists what is allowed where an unknown setting resembles none', () => {
    expect(problemsOf(['smtp.example.com', 'smtp.example.com, colour: red'])[0]).toMatch(
      /^smtp\.colour \(line 6\): found a setting that is not known; allowed here: host, port, tls/,
    )
  })

  it('shows no secret', () => {
    const problems = problemsOf(
      [`\${POSTHORN_SECRET}`, 'too-short-to-sign'],
      [`"\${IMAP_PASSWORD}"`, '918273645'],
      ['smtp.example.com }', `smtp.example.com, tls: "\${SMTP_PASSWORD}" }\ndatabase: postgre://me:hush@db/posthorn`],
    )
    expect(problems).toHaveLength(4)
    expect(problems.join()).not.toMatch(/too-short-to-sign|918273645|smtp-password|hush/)
    expect(problems[0]).toMatch(/^secret \(line 1\): found a secret of 17 characters; allowed: text of at least 32/)
  })

  it.each<[string, [string, string], string]>([
    [
      'two mailboxes of one name',
      ['smtp:', '  - { name: support, address: b@x.test, imap: { host: h, user: u, password: p } }\nsmtp:'],
      'mailboxes[1].name',
    ],
    [
      'two mailboxes of one address',
      ['smtp:', '  - { name: b, address: support@EXAMPLE.com, imap: { host: h, user: u, password: p } }\nsmtp:'],
      'mailboxes[1].address',
    ],
    [
      'one folder watched twice',
      [
        'smtp:',
        '  - { name: b, address: b@x.test, imap: { host: imap.example.com, user: support, password: p } }\nsmtp:',
      ],
      'mailboxes[1].folder',
    ],
    ['an agent with the address of a mailbox', ['Anna@Example.com', 'support@example.com'], 'agents[0].email'],
    ['two agents of one address', ['agents:', 'agents:\n  - { name: B, email: anna@example.com }'], 'agents[1].email'],
    ['a brand that is not there', ['    imap:', '    brand: Acmee\n    imap:'], 'mailboxes[0].brand'],
    ['a mail moved to where it was', ['    imap:', '    after: { move: inbox }\n    imap:'], 'mailboxes[0].after.move'],
    ['two ways in', ['user: support', 'user: support, oauth2: {}'], 'mailboxes[0].imap.oauth2'],
    ['no way in', [`, password: "\${IMAP_PASSWORD}"`, ''], 'mailboxes[0].imap.password'],
    ['a password without a user', ['smtp.example.com', 'smtp.example.com, password: p'], 'smtp.user'],
    ['an empty list', ['brands:\n  - { name', 'brands: []\nagent:\n  - { name'], 'brands'],
    ['a section that is a text', ['smtp: { host: smtp.example.com }', 'smtp: smtp.example.com'], 'smtp'],
    ['a variable without a name', [`"\${IMAP_PASSWORD}"`, `"\${IMAP PASSWORD}"`], 'mailboxes[0].imap.password'],
  ])('is %s', (_, change, path) => {
    expect(problemsOf(change).map((problem) => problem.replace(/ \(line.*/s, ''))).toContain(path)
  })

  it('is a line that is not YAML', () => {
    expect(problemsIn('secret: [\nmailboxes: }')[0]).toMatch(/^line \d: /)
    expect(problemsIn('secret: a\nsecret: b')[0]).toMatch(/^line 2: .*unique/)
  })

  it('is everything in an empty file', () => {
    expect(problemsIn('').map((problem) => problem.replace(/ .*/s, ''))).toEqual([
      'secret',
      'mailboxes',
      'smtp',
      'brands',
    ])
  })

  it('is a file that cannot be read', () => {
    expect(() => loadConfig('/nowhere/posthorn.yaml', env)).toThrow(/cannot be read.*ENOENT/)
  })
})

describe('a mistake in the YAML itself', () => {
  it('is the only problem reported, with what to do about a reference between braces', () => {
    const text = ['secret: x', 'smtp: {host: h, password: $' + '{P}}', 'agents: []'].join('\n')
    expect(() => parseConfig(text, {}, 'posthorn.yaml')).toThrow(/has 1 problem:\n {2}line 2: .*in quotes$/)
  })
})

describe('posthorn.example.yaml', () => {
  const path = join(root, 'posthorn.example.yaml')

  it('is a right configuration', () => {
    expect(loadConfig(path, env).mailboxes[0]?.address).toBe('support@example.com')
  })

  it('shows every setting, and stays right when all that are commented out are not', () => {
    // A setting stands right behind its #, prose behind a space.
    const text = readFileSync(path, 'utf8')
      .replaceAll(/^( *)#(?! \S)(?= *(?:- )?[\w-]+:)/gm, '$1')
      .replace(/^ *password: \S+IMAP_PASSWORD.*\n/m, '')
      .replace(
        './dkim.pem',
        JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
      )
    for (const key of settingsOf(jsonSchema())) expect(text).toMatch(new RegExp(`^[ -]*${key}:`, 'm'))
    const config = parseConfig(
      text,
      { ...env, OAUTH_CLIENT_SECRET: 'a', OAUTH_REFRESH_TOKEN: 'b', ENTRA_SECRET: 'c', SMS_TOKEN: 'd' },
      path,
    )
    expect(config.mailboxes[0]?.imap.auth.kind).toBe('oauth2')
    expect(config.limits).toEqual(loadConfig(path, env).limits)
  })
})

/** All names of settings in a JSON Schema. */
function settingsOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  const own = 'properties' in node && typeof node.properties === 'object' ? Object.keys(node.properties ?? {}) : []
  return [...own, ...Object.values(node).flatMap(settingsOf)].filter((key) => key !== 'move')
}

describe('posthorn.schema.json', () => {
  it('is what `npm run schema` prints', () => {
    const kept: unknown = JSON.parse(readFileSync(join(root, 'posthorn.schema.json'), 'utf8'))
    expect(kept).toEqual(JSON.parse(JSON.stringify(jsonSchema())))
  })
})
