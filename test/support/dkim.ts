import { generateKeyPairSync } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import type { DkimConfig } from '../../src/config/config.ts'
import { nameServer, type SigningDomain } from './signed-mail.ts'

export interface DkimPair {
  config: DkimConfig
  /** A name server that knows the public key. */
  resolver: ReturnType<typeof nameServer>
}

/** A key as an administrator makes it, and the DNS with its public half. */
export function dkimPair(domain: string, type: 'rsa' | 'ed25519' = 'rsa'): DkimPair {
  const { privateKey, publicKey } =
    type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519')
  const der = publicKey.export({ type: 'spki', format: 'der' })
  // RFC 8463, 4.2: of an Ed25519 key only its 32 bytes.
  const key = (type === 'rsa' ? der : der.subarray(-32)).toString('base64')
  const records = { [`posthorn._domainkey.${domain}`]: `v=DKIM1; k=${type}; p=${key}` }
  return {
    config: {
      domain,
      selector: 'posthorn',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
    resolver: nameServer({ domain, records } as SigningDomain),
  }
}

/** What a receiving server finds of a mail's signatures: 'pass', 'fail', …; [] where it has none. */
export async function dkimResults(raw: Buffer | string, { resolver }: DkimPair): Promise<string[]> {
  const { results } = await dkimVerify(raw, { resolver })
  return results.flatMap((it) => (it.status.result === 'none' ? [] : [it.status.result]))
}
