import { describe, expect, test } from 'vitest'
import { type AskTxt, checkDkim } from '../../src/cli/check-dkim.ts'
import type { Config } from '../../src/config/config.ts'
import { PosthornError } from '../../src/core/errors.ts'
import { dkimPair } from '../support/dkim.ts'
import { mailbox } from '../support/notices.ts'

const NAME = 'posthorn._domainkey.acme.test'
const pair = dkimPair('acme.test')
const ask: AskTxt = async (name) => await pair.resolver(name, 'TXT')
const record = (await ask(NAME))[0]?.join('') ?? ''

const configured = (addresses = ['support@acme.test'], dkim = pair.config) =>
  ({ smtp: { dkim }, mailboxes: addresses.map((address) => ({ ...mailbox, address })) }) as unknown as Config

const failing =
  (code: string): AskTxt =>
  async () => {
    throw Object.assign(new Error(`queryTxt ${code} ${NAME}`), { code })
  }

describe('posthorn check, of DKIM', () => {
  test('finds the public key in the DNS, whole or in pieces', async () => {
    expect(await checkDkim(configured(), ask)).toBe(`the DNS has the public key at ${NAME}`)
    const spaced: AskTxt = async () => [['some other record'], [record.replace('p=', 'p= ').replace('; k', ' ;\tk')]]
    expect(await checkDkim(configured(), spaced)).toContain('has the public key')
  })

  test('finds an Ed25519 key', async () => {
    const other = dkimPair('acme.test', 'ed25519')
    const found = checkDkim(configured(undefined, other.config), async (name) => await other.resolver(name, 'TXT'))
    expect(await found).toContain('has the public key')
  })

  test('names the mailboxes that the signature does not count for', async () => {
    const found = await checkDkim(configured(['support@acme.test', 'help@sub.acme.test', 'sales@other.test']), ask)
    expect(found).toMatch(/DMARC does not count that for sales@other\.test, of another domain$/)
  })

  test.each<[string, AskTxt, RegExp]>([
    ['no record', failing('ENOTFOUND'), /there is no such record/],
    ['a name with other records', async () => [['v=spf1 -all']], /there is no such record/],
    ['two keys', async () => [[record], [record]], /there are 2 such records/],
    ['a revoked key', async () => [['v=DKIM1; k=rsa; p=']], /is revoked/],
    ['another key', async () => [[record.replace(/p=.{30}/, 'p=MIIB')]], /is not the one that mails are signed with/],
    ['the key for something else', async () => [[`${record}; s=tlsrpt`]], /is not for mails/],
    ['the key as one of another kind', async () => [[record.replace('k=rsa', 'k=ed25519')]], /says k=ed25519/],
  ])('meets %s, and says which record to write', async (_what, answers, problem) => {
    const error = await checkDkim(configured(), answers).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(PosthornError)
    expect((error as PosthornError).message).toMatch(problem)
    expect((error as PosthornError).hint).toBe(`Write this TXT record: ${NAME} "${record}"`)
  })

  test('says so where the DNS is silent', async () => {
    await expect(checkDkim(configured(), failing('ETIMEOUT'))).rejects.toMatchObject({
      message: `the DNS does not answer about ${NAME}: queryTxt ETIMEOUT ${NAME}`,
      temporary: true,
      hint: expect.stringContaining(record),
    })
  })
})
