import { Resolver } from 'node:dns/promises'
import { Readable } from 'node:stream'
import { type AuthenticateResult, authenticate, type DNSResolver } from 'mailauth'
import type { AuthenticationResults, MethodResult } from '../message/authentication-results.ts'
import type { Message } from '../message/message.ts'
import { chunksOf, type MailSource } from '../message/source.ts'
import { type Client, clientOf } from './client.ts'

export interface CheckOptions {
  /** Asks the DNS; the machine's own servers unless given. */
  resolver?: DNSResolver | undefined
  /** Milliseconds that the check of one mail may take. */
  timeout?: number
}

/** A mail's signatures and policies take a handful of questions; a domain whose servers are silent must not hold up intake. */
const TIMEOUT = 10_000
/** Milliseconds for one question, and how often it is asked. */
const QUESTION = { timeout: 2_500, tries: 2 }

/** Stands for the server's name in what Posthorn found by itself. */
const OURSELVES = 'posthorn'

/**
 * Checks DKIM (RFC 6376), SPF (RFC 7208), ARC (RFC 8617) and DMARC (RFC 7489) of a mail over the DNS, for mailboxes whose
 * server does not. SPF only where the client is known for sure. Rejects when it takes longer than `timeout`, or when the
 * source cannot be read; silent name servers are results (temperror).
 */
export async function checkAuthentication(
  source: MailSource,
  message: Message,
  { resolver = systemResolver(), timeout = TIMEOUT }: CheckOptions = {},
): Promise<AuthenticationResults> {
  const client = clientOf(message)
  const input = Readable.from(chunksOf(source))
  const checked = authenticate(input, {
    ...(client ?? {}),
    mta: OURSELVES,
    resolver,
    disableBimi: true,
    rejectRsaSha1: true,
  })
  try {
    return { authservId: OURSELVES, results: resultsOf(await within(timeout, checked), client) }
  } finally {
    input.destroy()
  }
}

function systemResolver(): DNSResolver {
  const resolver = new Resolver(QUESTION)
  return async (domain, type) => (await resolver.resolve(domain, type)) as string[] | string[][]
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`checking the sender took longer than ${milliseconds} ms`)), milliseconds)
  })
  // When it is late, nobody waits for it any more: what becomes of it does not matter.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function resultsOf(found: AuthenticateResult, client: Client | null): MethodResult[] {
  const signatures = found.dkim.results.map((it): MethodResult => {
    // RFC 6376 section 8.2: what follows the signed length may be anybody's.
    const partly = it.status.result === 'pass' && (it.status.underSized ?? 0) > 0
    return method('dkim', partly ? 'policy' : it.status.result, { 'header.d': it.signingDomain })
  })
  const spf = client && found.spf ? [method('spf', found.spf.status.result, { 'smtp.mailfrom': client.sender })] : []
  const arc = found.arc ? [method('arc', found.arc.status.result, {})] : []
  return [...signatures, ...spf, ...arc, ...dmarcOf(found, client)]
}

function dmarcOf({ dmarc }: AuthenticateResult, client: Client | null): MethodResult[] {
  if (!dmarc) return []
  const { result, header } = dmarc.status
  const { spf, dkim } = dmarc.alignment ?? {}
  const partly = result === 'pass' && !spf?.result && (dkim?.underSized ?? 0) > 0
  // Without the client nobody knows what SPF would have said: a failure is none.
  const unknown = result === 'fail' && client === null
  return [method('dmarc', partly ? 'policy' : unknown ? 'none' : result, { 'header.from': header?.from })]
}

function method(name: string, result: string, properties: Record<string, unknown>): MethodResult {
  const said = Object.entries(properties).filter((it): it is [string, string] => typeof it[1] === 'string')
  return { method: name, result, properties: Object.fromEntries(said) }
}
