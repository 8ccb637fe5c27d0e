import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers'
import type { PasskeyRow } from '../store/accounts/passkeys.ts'
import type { AccountContext } from './context.ts'
import { passkeyPlace } from './passkey-challenge.ts'

/** COSE: ES256, EdDSA, RS256. Every authenticator knows one of them. */
export const ALGORITHMS = [-7, -8, -257]
const TRANSPORTS = ['usb', 'nfc', 'ble', 'internal', 'hybrid', 'smart-card']

/** What a browser says of a passkey that it has made: base64url each, transports with commas between. */
export interface MadePasskey {
  id: string
  clientData: string
  attestation: string
  transports: string
}

type Checked = Pick<PasskeyRow, 'id' | 'public_key' | 'counter' | 'transports'> | { refused: string }

/** Verifies what a browser has made (WebAuthn level 3, 7.1). What is wrong with it comes back as a text for the security log. */
export async function checkMade(ctx: AccountContext, made: MadePasskey, challenge: string): Promise<Checked> {
  const place = passkeyPlace(ctx.policy.portalUrl)
  if (!place) return { refused: 'portal.url is no place for passkeys' }
  try {
    const attestation = decodeAttestationObject(isoBase64URL.toBuffer(made.attestation))
    // We ask for none. Certificates name URLs of lists that a verifier fetches: nobody shall make this server fetch.
    if (attestation.get('attStmt').get('x5c') !== undefined) return { refused: 'it brings a certificate along' }
    const { verified, registrationInfo: info } = await verifyRegistrationResponse({
      response: {
        id: made.id,
        rawId: made.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: made.clientData, attestationObject: made.attestation },
      },
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.host,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified || !info || info.credential.id !== made.id) return { refused: 'its signature is wrong' }
    const { id, publicKey, counter } = info.credential
    const transports = split(made.transports).join()
    return { id, public_key: isoBase64URL.fromBuffer(publicKey), counter, transports }
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) }
  }
}

/** The transports that we know, of a list with commas between. */
export function split(transports: string): string[] {
  return transports.split(',').filter((it) => TRANSPORTS.includes(it))
}
