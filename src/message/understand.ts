import { detectAutomatic } from './automatic/detect.ts'
import { readBounce } from './bounce/read-bounce.ts'
import { readComplaint } from './bounce/read-complaint.ts'
import { readForward } from './forward/read-forward.ts'
import { guessLanguage } from './language.ts'
import type { Message } from './message.ts'
import type { Parsed } from './parsed.ts'
import { extractReply } from './reply/extract.ts'
import { storable } from './storable.ts'

/**
 * A parsed mail with everything the readers find in it. A reader that fails loses nothing: what it would have said is
 * absent, and `problems` names it. Every text can be stored: no NUL, no half of a character.
 */
export function understand(parsed: Parsed): Message {
  const problems: string[] = [...parsed.problems]
  const read = <T>(what: string, reader: () => T, neutral: T): T => {
    try {
      return reader()
    } catch (error) {
      problems.push(`${what} could not be read: ${error instanceof Error ? error.message : String(error)}`)
      return neutral
    }
  }
  const readable = parsed.plain ?? parsed.html ?? ''
  const parts = read('the reply', () => extractReply(parsed), {
    text: readable,
    reply: readable,
    quoted: '',
    signature: '',
    confidence: 0,
    problems: [],
  })
  problems.push(...parts.problems)
  const { plain: _plain, parts: _parts, contentType: _contentType, ...rest } = parsed
  const message: Message = {
    ...rest,
    language: read('the language', () => guessLanguage(parts.reply || parts.text), null),
    text: parts.text,
    reply: parts.reply,
    quoted: parts.quoted,
    signature: parts.signature,
    confidence: parts.confidence,
    automatic: read('automatic mail', () => detectAutomatic(parsed, parts.text), null),
    bounce: read('the bounce', () => readBounce(parsed, parts.text), null),
    complaint: read('the complaint', () => readComplaint(parsed), null),
    forwarded: read('the forwarded mail', () => readForward(parsed, parts.text), null),
    problems: [],
  }
  const whole = storable(message)
  if (whole !== message) problems.push('NULs or halves of characters were left out')
  return { ...whole, problems: storable([...new Set(problems)]) }
}
