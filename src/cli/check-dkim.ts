import { createPrivateKey, createPublicKey } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { domainToASCII } from 'node:url'
import type { Config, DkimConfig } from '../config/config.ts'
import { describeError, PosthornError } from '../core/errors.ts'
import { isAligned } from '../decision/alignment.ts'
import { domainOf } from '../model/address.ts'

/** Asks the DNS for TXT records: each is a list of its parts. */
export type AskTxt = (name: string) => Promise<string[][]>

/** Milliseconds for one question, and how often it is asked. */
const QUESTION = { timeout: 5_000, tries: 2 }

export function systemTxt(): AskTxt {
  const resolver = new Resolver(QUESTION)
  return async (name) => await resolver.resolveTxt(name)
}

/**
 * Whether the DNS has the public half of the key that mails are signed with (RFC 6376, 3.6.1), and for which mailboxes the
 * signature counts. Throws a PosthornError that says what is wrong and which record to write.
 */
export async function checkDkim({ smtp, mailboxes }: Pick<Config, 'smtp' | 'mailboxes'>, ask: AskTxt): Promise<string> {
  const { dkim } = smtp
  if (!dkim) return 'mails are not signed here: the SMTP server has to do that'
  const name = `${dkim.selector}._domainkey.${domainToASCII(dkim.domain) || dkim.domain}`
  const wrong = problemOf(await recordsAt(name, dkim, ask), publicKeys(dkim))
  if (wrong) throw mismatch(name, dkim, wrong)
  const foreign = mailboxes.map(({ address }) => address).filter((it) => !isAligned(domainOf(it), dkim.domain))
  const others = foreign.length === 0 ? '' : `; DMARC does not count that for ${foreign.join(', ')}, of another domain`
  return `the DNS has the public key at ${name}${others}`
}

async function recordsAt(name: string, dkim: DkimConfig, ask: AskTxt): Promise<string[]> {
  try {
    const found = await ask(name)
    return found.map((parts) => parts.join('')).filter((text) => /(?:^|;)\s*p\s*=/.test(text))
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw new PosthornError('dkim', `the DNS does not answer about ${name}: ${describeError(error)}`, {
      temporary: true,
      hint: `Try again. This TXT record is wanted: ${recordOf(name, dkim)}`,
      cause: error,
    })
  }
}

function problemOf(records: string[], keys: string[]): string | null {
  const [record] = records
  if (record === undefined) return 'there is no such record'
  if (records.length > 1) return `there are ${records.length} such records, and servers may take any of them`
  const tags = new Map(
    record.split(';').map((tag) => [tagName(tag), tag.slice(tag.indexOf('=') + 1).replace(/\s/g, '')]),
  )
  const key = tags.get('p') ?? ''
  if (key === '') return 'the key that is there is revoked (p= is empty)'
  if (!keys.includes(key)) return 'the key that is there is not the one that mails are signed with'
  if ((tags.get('k') ?? 'rsa') !== typeOf(keys)) return `it says k=${tags.get('k') ?? 'rsa'}, which this key is not`
  const services = tags.get('s')?.split(':') ?? ['*']
  return services.includes('*') || services.includes('email') ? null : `it is not for mails (s=${tags.get('s')})`
}

const tagName = (tag: string) => tag.slice(0, tag.indexOf('=')).trim()

const typeOf = ([key = '']: string[]) => (key.length < 60 ? 'ed25519' : 'rsa')

/** The forms in which the public key may stand in the DNS, the usual one first. */
function publicKeys({ privateKey }: DkimConfig): string[] {
  const key = createPublicKey(createPrivateKey(privateKey))
  const spki = key.export({ type: 'spki', format: 'der' })
  // RFC 8463, 4.2: of an Ed25519 key only its 32 bytes.
  if (key.asymmetricKeyType === 'ed25519') return [spki.subarray(-32).toString('base64')]
  return [spki, key.export({ type: 'pkcs1', format: 'der' })].map((der) => der.toString('base64'))
}

function mismatch(name: string, dkim: DkimConfig, problem: string): PosthornError {
  return new PosthornError('dkim', `servers will find the signatures of mails wrong: ${problem}.`, {
    temporary: false,
    hint: `Write this TXT record: ${recordOf(name, dkim)}`,
  })
}

function recordOf(name: string, dkim: DkimConfig): string {
  const keys = publicKeys(dkim)
  return `${name} "v=DKIM1; k=${typeOf(keys)}; p=${keys[0]}"`
}
