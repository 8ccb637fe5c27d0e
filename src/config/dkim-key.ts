import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describeError } from '../core/errors.ts'
import type { Path, Problem } from './problems.ts'

const PATH: Path = ['smtp', 'dkim', 'privateKey']
const PLACES = 'the path of a PEM file, relative to this one; or the PEM itself'
const MAKE = "a private key in PEM, such as 'openssl genrsa -out dkim.pem 2048' writes"
/** RFC 8301, 3.2: a shorter one proves nothing. */
const LEAST_BITS = 1024

/**
 * Puts the DKIM key itself where the file names one, and checks it. `file` is the configuration as it was written, changed
 * in its place; anything of another shape is left to the schema. Relative paths are relative to `folder`.
 */
export function readDkimKey(file: unknown, folder: string): Problem[] {
  const dkim = section(section(file, 'smtp'), 'dkim')
  const text = dkim?.privateKey
  if (!dkim || typeof text !== 'string' || text.trim() === '') return []
  const read = readPem(text.trim(), folder)
  if ('found' in read) return [{ path: PATH, ...read }]
  const problem = problemOf(read.pem)
  if (problem) return [{ path: PATH, found: `${problem.found}${read.where}`, allowed: problem.allowed }]
  dkim.privateKey = read.pem
  return []
}

function section(value: unknown, key: string): Record<string, unknown> | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : null
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : null
}

type Read = { pem: string; where: string } | Pick<Problem, 'found' | 'allowed'>

function readPem(text: string, folder: string): Read {
  // The environment often holds a key with its line ends written out.
  if (text.includes('-----BEGIN')) return { pem: text.replaceAll('\\n', '\n'), where: '' }
  // A key without its first and last line looks like this, and must not be shown.
  if (/^[A-Za-z0-9+/=\s]{60,}$/.test(text))
    return { found: `${text.length} characters without -----BEGIN and -----END lines`, allowed: PLACES }
  try {
    return { pem: readFileSync(resolve(folder, text), 'utf8'), where: ` in '${text}'` }
  } catch (error) {
    return { found: `'${text.slice(0, 80)}', which cannot be read: ${describeError(error)}`, allowed: PLACES }
  }
}

function problemOf(pem: string): Pick<Problem, 'found' | 'allowed'> | null {
  if (/-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem))
    return { found: 'a public key', allowed: `the private one: ${MAKE}; the public one belongs in the DNS` }
  if (/BEGIN ENCRYPTED|,ENCRYPTED/.test(pem))
    return { found: 'a private key with a passphrase', allowed: 'one without' }
  try {
    return wrongKind(createPrivateKey(pem))
  } catch {
    // What Node says of it ('DECODER routines::unsupported') helps nobody.
    return { found: 'no private key', allowed: MAKE }
  }
}

function wrongKind(key: KeyObject): Pick<Problem, 'found' | 'allowed'> | null {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ed25519') return null
  if (type !== 'rsa') return { found: `a key of the type ${type}`, allowed: 'RSA, or Ed25519' }
  const bits = details?.modulusLength ?? 0
  return bits >= LEAST_BITS
    ? null
    : { found: `an RSA key of ${bits} bits`, allowed: `at least ${LEAST_BITS}, better 2048` }
}
