import { createHash, timingSafeEqual } from 'node:crypto'
import type { World } from '../core/world.ts'

/** 256 bits, base64url: 43 characters. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** A new secret for a link, a session or a device, with what is kept of it. */
export function newToken(world: Pick<World, 'secret'>): { token: string; hash: string } {
  const token = world.secret(32).toString('base64url')
  return { token, hash: hashToken(token) }
}

/** What is kept of a token. It is as unguessable as a key, so that one fast hash is enough, and looking it up tells nothing. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Whether a text may be a token at all: exactly as it was given out, nothing before or behind. */
export function isToken(text: unknown): text is string {
  return typeof text === 'string' && TOKEN.test(text)
}

/** Compares secrets in a time that tells nothing of where they differ; only of their lengths, which are known. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
