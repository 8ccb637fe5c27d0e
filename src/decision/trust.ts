import type { MethodResult } from '../message/authentication-results.ts'
import type { Message } from '../message/message.ts'
import { domainOf } from '../model/address.ts'
import { isAligned } from './alignment.ts'
import type { Trust } from './decision.ts'
import { doubtsAbout } from './doubts.ts'

/**
 * How far the From address is to be believed, and the sentence that says why. It goes into reasons and change logs, so it
 * names no address and no domain of the sender's.
 */
export interface TrustFinding {
  grade: Trust
  evidence: string
  /** The check failed, but so it does for honest mail on its way through somebody else: a key must speak for it besides. */
  forwarded: boolean
}

/** What was found about a mail, and by whom: the mailbox's own server, or Posthorn itself. */
export interface Check {
  by: string
  results: readonly MethodResult[]
}

const ORDER: readonly Trust[] = ['failed', 'unverified', 'plausible', 'verified']

/** Whether a grade is at least the one that is asked for. */
export function isAtLeast(grade: Trust, wanted: Trust): boolean {
  return ORDER.indexOf(grade) >= ORDER.indexOf(wanted)
}

/**
 * The grade of a mail's From address. DMARC decides where there is a result (RFC 7489), else an aligned DKIM signature or an
 * aligned SPF pass. Where nobody checked, a signed key that only this person was given makes the address plausible.
 * What makes a reader take the sender for somebody else lowers the grade. Pure.
 */
export function gradeTrust(message: Message, check: Check | null, holdsOwnKey: boolean): TrustFinding {
  const domain = domainOf(message.from?.address ?? '')
  const judged = domain === '' ? UNKNOWN : (judge(message, domain, check) ?? byKey(check, holdsOwnKey))
  return lowered(judged, message)
}

const UNKNOWN: TrustFinding = { grade: 'unverified', evidence: 'it names no sender', forwarded: false }

/** null where the check proves nothing either way. */
function judge(message: Message, domain: string, check: Check | null): TrustFinding | null {
  if (!check) return null
  const { by, results } = check
  const verified = (what: string): TrustFinding => ({
    grade: 'verified',
    evidence: `${by} found ${what}`,
    forwarded: false,
  })
  const dmarc = dmarcFor(domain, results)
  if (dmarc === 'pass') return verified('dmarc=pass')
  if (dmarc === 'fail') return failed(message, domain, check, 'dmarc=fail')
  const signature = results.find((it) => it.method === 'dkim' && it.result === 'pass' && isAligned(signer(it), domain))
  if (signature) return verified("a valid DKIM signature of the sender's domain")
  const envelope = spfFor(domain, results)
  if (envelope === 'pass') return verified("spf=pass for the sender's domain")
  if (envelope === 'fail')
    return failed(message, domain, check, "spf=fail for the sender's domain, and no valid signature of it")
  if (results.some((it) => it.method === 'compauth' && it.result === 'fail'))
    return failed(message, domain, check, 'compauth=fail')
  return null
}

/** A failure, or what only looks like one because somebody passed the mail on (RFC 7960). */
function failed(message: Message, domain: string, { by, results }: Check, what: string): TrustFinding {
  const passedOn = passedOnBy(message, domain, results)
  if (!passedOn) return { grade: 'failed', evidence: `${by} found ${what}`, forwarded: false }
  return { grade: 'unverified', evidence: `${by} found ${what}, as of a mail passed on (${passedOn})`, forwarded: true }
}

function passedOnBy(message: Message, domain: string, results: readonly MethodResult[]): string | null {
  if (results.some((it) => it.method === 'arc' && it.result === 'pass')) return 'arc=pass'
  if (message.automatic?.kind === 'list' || message.headers.some((it) => it.name === 'list-id')) return 'a mailing list'
  const broken = results.some((it) => it.method === 'dkim' && it.result === 'fail' && isAligned(signer(it), domain))
  return broken ? 'its signature was broken on the way' : null
}

/** 'pass' only where every result says so: a second one was smuggled in. A result about another From says nothing. */
function dmarcFor(domain: string, results: readonly MethodResult[]): 'pass' | 'fail' | null {
  const all = results.filter((it) => it.method === 'dmarc')
  if (all.some((it) => it.result === 'fail')) return 'fail'
  const about = (it: MethodResult) => isAligned(it.properties['header.from'] ?? domain, domain)
  return all.length > 0 && all.every((it) => it.result === 'pass' && about(it)) ? 'pass' : null
}

function spfFor(domain: string, results: readonly MethodResult[]): 'pass' | 'fail' | null {
  const aligned = results.filter((it) => it.method === 'spf' && isAligned(envelopeDomain(it), domain))
  if (aligned.some((it) => it.result === 'fail' || it.result === 'hardfail')) return 'fail'
  return aligned.length > 0 && aligned.every((it) => it.result === 'pass') ? 'pass' : null
}

/** header.d, or the domain of header.i where only that is written, as Gmail does. */
function signer({ properties }: MethodResult): string | null {
  return properties['header.d'] ?? domainIn(properties['header.i'])
}

function envelopeDomain({ properties }: MethodResult): string | null {
  return domainIn(properties['smtp.mailfrom'] ?? properties['smtp.mail'] ?? properties['smtp.envelope-from'])
}

/** The domain of an address, or what is a domain already. */
function domainIn(value: string | undefined): string | null {
  if (value === undefined) return null
  return value.includes('@') ? domainOf(value) : value
}

/** Nothing was proved: a key that only this person was given makes the address plausible. */
function byKey(check: Check | null, holdsOwnKey: boolean): TrustFinding {
  const results = check?.results.map((it) => `${it.method}=${it.result}`).join(', ') || 'nothing'
  const found = check ? `${check.by} found no proof of the sender (${results})` : 'nobody checked where it comes from'
  if (!holdsOwnKey) return { grade: 'unverified', evidence: found, forwarded: false }
  return { grade: 'plausible', evidence: `${found}, but it carries a key that the sender was given`, forwarded: false }
}

function lowered(finding: TrustFinding, message: Message): TrustFinding {
  const doubts = doubtsAbout(message)
  if (doubts.length === 0) return finding
  let at = ORDER.indexOf(finding.grade)
  const unverified = ORDER.indexOf('unverified')
  for (const { lowers } of doubts)
    at = lowers === 'one-step' ? Math.min(at, Math.max(at - 1, unverified)) : Math.min(at, unverified)
  const evidence = `${finding.evidence}; but ${doubts.map((it) => it.what).join(', and ')}`
  return { ...finding, grade: ORDER[at] ?? 'failed', evidence }
}
