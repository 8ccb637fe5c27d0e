import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { PosthornError } from '../core/errors.ts'
import type { World } from '../core/world.ts'
import type { Secrets } from '../model/thread-key.ts'

/** AES-256-GCM (NIST SP 800-38D) under a key of its own made of the configuration's secret (HKDF, RFC 5869). */
const ALGORITHM = 'aes-256-gcm'
const NONCE = 12
const TAG = 16

/** Seals a text that must be read again later, such as the secret of a code app. `about` binds it to its place. */
export function seal(world: Pick<World, 'secret'>, secrets: Secrets, about: string, text: string): string {
  const nonce = world.secret(NONCE)
  const cipher = createCipheriv(ALGORITHM, keyOf(secrets[0]), nonce).setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
}

/** Opens what one of `secrets` sealed for the same place. Throws 'unsealable' where none of them did. */
export function unseal(secrets: Secrets, about: string, sealed: string): string {
  for (const secret of secrets) {
    const text = tryUnseal(secret, about, Buffer.from(sealed, 'base64url'))
    if (text !== null) return text
  }
  throw new PosthornError('unsealable', `a secret of ${about} cannot be read with the configured 'secret'`, {
    temporary: false,
    hint: "Put the secret that was used before into the list of 'secret', or reset the second factor: posthorn user reset-2fa.",
  })
}

function tryUnseal(secret: string, about: string, bytes: Buffer): string | null {
  const decipher = createDecipheriv(ALGORITHM, keyOf(secret), bytes.subarray(0, NONCE))
  decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-TAG))
  try {
    return decipher.update(bytes.subarray(NONCE, -TAG)).toString('utf8') + decipher.final('utf8')
  } catch {
    // The wrong key of the ring, or not whole: the caller tries the next one and says so where none is right.
    return null
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'posthorn:seal', 32))
}
