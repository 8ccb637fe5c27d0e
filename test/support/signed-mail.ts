import { generateKeyPairSync } from 'node:crypto'
import { createTransport } from 'nodemailer'

/** A domain with a DKIM key and what its DNS says, for mails that are signed for real. */
export interface SigningDomain {
  domain: string
  /** A mail from `from`, signed with the domain's key. */
  sign(mail: {
    from: string
    to: string
    subject: string
    text: string
    headers?: Record<string, string>
  }): Promise<Buffer>
  /** TXT records by name. */
  records: Record<string, string>
}

export function signingDomain(domain: string, policies: { dmarc?: string; spf?: string } = {}): SigningDomain {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    dkim: {
      domainName: domain,
      keySelector: 's1',
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  })
  return {
    domain,
    sign: async (mail) => (await transport.sendMail(mail)).message as Buffer,
    records: {
      [`s1._domainkey.${domain}`]: `v=DKIM1; k=rsa; p=${key}`,
      ...(policies.dmarc ? { [`_dmarc.${domain}`]: policies.dmarc } : {}),
      ...(policies.spf ? { [domain]: policies.spf } : {}),
    },
  }
}

/** Answers TXT questions out of the domains' records, as a name server would; everything else does not exist. */
export function nameServer(...domains: SigningDomain[]): (name: string, type: string) => Promise<string[][]> {
  const records: Record<string, string> = Object.assign({}, ...domains.map((it) => it.records))
  return async (name, type) => {
    const record = type === 'TXT' ? records[name.toLowerCase()] : undefined
    if (record === undefined) throw Object.assign(new Error(`query${type} ENOTFOUND ${name}`), { code: 'ENOTFOUND' })
    return [record.match(/.{1,255}/g) ?? []]
  }
}
