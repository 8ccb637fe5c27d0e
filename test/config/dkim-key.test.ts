import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'
import { PosthornError } from '../../src/core/errors.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-dkim-'))
  writeFileSync(join(folder, 'dkim.pem'), pem)
})
afterAll(() => rmSync(folder, { recursive: true }))

const text = (privateKey: string, domain = 'example.com', selector = 'posthorn') => `
database: sqlite:./posthorn.db
secret: a secret of at least thirty-two characters
mailboxes:
  - name: support
    address: support@example.com
    imap: { host: imap.example.com, user: support, password: x }
    language: en
smtp:
  host: smtp.example.com
  dkim:
    domain: ${domain}
    selector: ${selector}
    privateKey: ${JSON.stringify(privateKey)}
brands:
  - { name: Acme, fromName: Acme Support, supportContact: +45 12 34 56 78 }
agents:
  - { name: Anna, email: anna@example.com }
`

const load = (privateKey: string, env: NodeJS.ProcessEnv = {}) =>
  parseConfig(text(privateKey), env, join(folder, 'posthorn.yaml')).smtp.dkim

function problemsOf(privateKey: string, ...more: string[]): string[] {
  try {
    parseConfig(text(privateKey, ...more), {}, join(folder, 'posthorn.yaml'))
  } catch (error) {
    if (!(error instanceof PosthornError)) throw error
    return error.message.split('\n  ').slice(1)
  }
  return []
}

const written = (key: string) => {
  writeFileSync(join(folder, 'other.pem'), key)
  return './other.pem'
}

describe('the DKIM key', () => {
  it('is read from a file beside the configuration', () => {
    expect(load('./dkim.pem')).toEqual({ domain: 'example.com', selector: 'posthorn', privateKey: pem })
  })

  it('may stand in the file, or in the environment with its line ends written out', () => {
    expect(load(pem)?.privateKey.trim()).toBe(pem.trim())
    const env = { DKIM_KEY: pem.trim().replaceAll('\n', '\\n') }
    expect(load('$' + '{DKIM_KEY}', env)?.privateKey).toBe(pem.trim())
  })

  it('may be RSA in the older form, or Ed25519', () => {
    const pkcs1 = rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const key of [pkcs1, ed25519]) expect(load(written(key))?.privateKey).toBe(key)
  })

  it('that is missing is told with its place', () => {
    expect(problemsOf('./missing.pem')).toEqual([
      expect.stringMatching(
        /^smtp\.dkim\.privateKey \(line 14\): found '\.\/missing\.pem', which cannot be read: ENOENT/,
      ),
    ])
  })

  it.each([
    ['a public key', () => rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /a public key in '.*DNS/],
    ['no key at all', () => 'hello', /no private key in '\.\/other\.pem'.*openssl genrsa/],
    [
      'one with a passphrase',
      () => rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
      /a private key with a passphrase/,
    ],
    [
      'one that is too short',
      () =>
        generateKeyPairSync('rsa', { modulusLength: 768 })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      /an RSA key of 768 bits.*at least 1024/,
    ],
    [
      'one of another kind',
      () =>
        generateKeyPairSync('ec', { namedCurve: 'P-256' })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      /a key of the type ec/,
    ],
  ])('that is %s is told, and not shown', (_what, key, problem) => {
    const problems = problemsOf(written(key()))
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(problems[0]).not.toContain(key().split('\n')[1] ?? 'hello')
  })

  it('without its first and last line is not shown either', () => {
    const bare = pem.split('\n').slice(1, -2).join('')
    const [problem] = problemsOf(bare)
    expect(problem).toContain('characters without -----BEGIN')
    expect(problem).not.toContain(bare.slice(0, 20))
  })

  it('has a domain and a selector that can stand in the DNS', () => {
    expect(problemsOf('./dkim.pem', 'example', 'post horn')).toEqual([
      expect.stringContaining('smtp.dkim.domain'),
      expect.stringContaining('smtp.dkim.selector'),
    ])
  })
})
