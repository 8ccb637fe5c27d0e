import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type { MadePasskey } from '../../src/accounts/made-passkey.ts'
import type { PasskeyAnswer } from '../../src/accounts/passkey-sign-in.ts'

/** What may be wrong with what an authenticator or a browser says. */
export interface Faults {
  origin?: string
  host?: string
  crossOrigin?: boolean
  /** The flags of authenticator data: 0x01 present, 0x04 verified, 0x40 with a credential. */
  flags?: number
  counter?: number
  userHandle?: string
  challenge?: string
  type?: string
  signature?: Buffer
  attestation?: Map<string, unknown>
  format?: string
}

/** An authenticator with one ES256 credential, and the browser around it, as far as a server sees them. */
export function makeAuthenticator(at: { origin: string; host: string }) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = createHash('sha256').update(x).digest().subarray(0, 16)
  let counter = 0
  let handle = ''
  const clientData = (type: string, challenge: string, faults: Faults) =>
    Buffer.from(
      JSON.stringify({
        type: faults.type ?? type,
        challenge: faults.challenge ?? challenge,
        origin: faults.origin ?? at.origin,
        crossOrigin: faults.crossOrigin ?? false,
      }),
    )
  const authData = (flags: number, faults: Faults) => {
    const head = Buffer.alloc(37)
    createHash('sha256')
      .update(faults.host ?? at.host)
      .digest()
      .copy(head)
    head.writeUInt8(faults.flags ?? flags, 32)
    head.writeUInt32BE(faults.counter ?? counter, 33)
    return head
  }
  return {
    id: id.toString('base64url'),
    make(options: PublicKeyCredentialCreationOptionsJSON, faults: Faults = {}): MadePasskey {
      handle = options.user.id
      // biome-ignore format: the key of RFC 9053, 7.1.1 on one line
      const key = new Map<number, number | Uint8Array>([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]])
      const length = Buffer.from([0, id.length])
      const data = Buffer.concat([authData(0x45, faults), Buffer.alloc(16), length, id, isoCBOR.encode(key)])
      const attestation = isoCBOR.encode(
        new Map<string, never>([
          ['fmt', (faults.format ?? 'none') as never],
          ['attStmt', (faults.attestation ?? new Map()) as never],
          ['authData', data as never],
        ]),
      )
      return {
        id: id.toString('base64url'),
        clientData: clientData('webauthn.create', options.challenge, faults).toString('base64url'),
        attestation: Buffer.from(attestation).toString('base64url'),
        transports: 'internal,nonsense',
      }
    },
    answer(options: PublicKeyCredentialRequestOptionsJSON, faults: Faults = {}): PasskeyAnswer {
      counter += 1
      const data = authData(0x05, faults)
      const client = clientData('webauthn.get', options.challenge, faults)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return {
        id: id.toString('base64url'),
        clientData: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: (faults.signature ?? sign('sha256', signed, privateKey)).toString('base64url'),
        userHandle: faults.userHandle ?? handle,
      }
    },
  }
}
