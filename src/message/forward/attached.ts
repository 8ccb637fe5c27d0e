import type { Forwarded } from '../message.ts'
import type { Parsed } from '../parsed.ts'

export function readAttachedForward(_parsed: Parsed): Forwarded | null {
  return null
}
