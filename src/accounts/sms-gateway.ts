import { describeError } from '../core/errors.ts'

/** A gateway that sends a text message for one HTTP request. */
export interface SmsGateway {
  /** With the holes {to}, {text} and {from}, as body has them. */
  url: string
  method: 'POST' | 'PUT' | 'GET'
  headers: Readonly<Record<string, string>>
  contentType: 'application/json' | 'application/x-www-form-urlencoded'
  body: string | null
  from: string
}

export type SmsSent = { kind: 'sent' } | { kind: 'failed' /** For the log: no number, no code. */; why: string }

/** Sends a text to a number (E.164). Never throws. */
export type SendSms = (to: string, text: string) => Promise<SmsSent>

/** Milliseconds that a gateway may take: somebody sits before the page and waits. */
const PATIENCE = 10_000
/** Bytes of an answer that are looked at. */
const MOST_ANSWER = 2_000

/** Sends by a gateway; 2xx is success. `patience`: milliseconds. */
export function makeSmsSender(gateway: SmsGateway, patience = PATIENCE): SendSms {
  return async (to, text) => {
    const values = { to, text, from: gateway.from }
    const hasBody = gateway.body !== null
    const signal = AbortSignal.timeout(patience)
    try {
      const response = await fetch(fill(gateway.url, values, encodeURIComponent), {
        method: gateway.method,
        headers: {
          ...gateway.headers,
          ...(hasBody ? { 'content-type': `${gateway.contentType}; charset=utf-8` } : {}),
        },
        body: gateway.body === null ? null : fill(gateway.body, values, encoderOf(gateway)),
        // A gateway that has moved is not followed: the request carries a secret and a code.
        redirect: 'manual',
        signal,
      })
      if (response.ok) {
        await response.body?.cancel()
        return { kind: 'sent' }
      }
      return {
        kind: 'failed',
        why: `the SMS gateway answered ${response.status}: ${withoutNumbers(await start(response))}`,
      }
    } catch (error) {
      const why = signal.aborted ? `no answer within ${patience / 1_000} seconds` : describeError(error)
      return { kind: 'failed', why: `the SMS gateway cannot be reached: ${why}` }
    }
  }
}

type Values = Readonly<Record<'to' | 'text' | 'from', string>>

/** Fills the holes in one go: what stands in a text is no hole. */
function fill(template: string, values: Values, encode: (value: string) => string): string {
  return template.replace(/\{(to|text|from)\}/g, (_, name: keyof Values) => encode(values[name]))
}

function encoderOf({ contentType }: SmsGateway): (value: string) => string {
  return contentType === 'application/json' ? (value) => JSON.stringify(value).slice(1, -1) : encodeURIComponent
}

/** The beginning of an answer: one that never ends is left alone. */
async function start(response: Response): Promise<string> {
  let text = ''
  if (!response.body) return text
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.length > MOST_ANSWER) break
  }
  return text.replace(/\s+/g, ' ').trim().slice(0, 200)
}

/** A gateway's answer may repeat what it was sent. */
function withoutNumbers(text: string): string {
  return text.replace(/\d(?:[\s.-]?\d){3,}/g, '…')
}
