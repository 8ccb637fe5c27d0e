import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { ImapConfig, MailboxConfig } from '../../src/config/config.ts'
import { makeLog } from '../../src/core/log.ts'
import { realWorld, type World } from '../../src/core/world.ts'
import type { Intake } from '../../src/mailbox/intake.ts'
import type { TokenStore } from '../../src/mailbox/oauth.ts'
import { watchMailbox } from '../../src/mailbox/watch.ts'

/** What has to be closed after a test, last first. */
export const closers: (() => Promise<unknown> | unknown)[] = []

export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close()
}

export function mailboxConfig(imap: ImapConfig, more: Partial<MailboxConfig> = {}): MailboxConfig {
  return {
    name: 'support',
    address: 'support@example.com',
    imap,
    folder: 'INBOX',
    after: { kind: 'leave' },
    language: 'en',
    brand: 'Acme',
    plusAddress: true,
    verp: true,
    pollSeconds: 60,
    defaults: { product: null, category: null },
    participants: { policy: 'same-organisation', most: 10 },
    trust: { authservId: null, check: null, agents: null },
    ...more,
  }
}

export interface Watching {
  /** Log lines so far, as objects. */
  lines: Record<string, unknown>[]
  /** The first line that `wanted` says yes to, written already or still to come. */
  line(wanted: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  /** Stops watching; resolves when it has ended. */
  stop(): Promise<void>
}

/** Waits before a new attempt pass twenty times as fast; the clock stays true. */
const world: World = { ...realWorld, sleep: (ms, signal) => realWorld.sleep(ms / 20, signal) }

export const noTokens: TokenStore = { read: async () => null, write: async () => undefined }

/** Watches a mailbox until the end of the test. */
export function watch(
  mailbox: MailboxConfig,
  intake: Intake,
  more: { mailSize?: number; tokens?: TokenStore; silence?: number } = {},
): Watching {
  const spoolFolder = mkdtempSync(join(tmpdir(), 'posthorn-spool-'))
  const lines: Watching['lines'] = []
  const listeners = new Set<() => void>()
  const log = makeLog('info', new Writable({ write: (chunk, _encoding, done) => done(keep(String(chunk))) }))
  const keep = (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) lines.push(JSON.parse(line))
    for (const listener of [...listeners]) listener()
    return null
  }
  const stopping = new AbortController()
  const deps = { tokens: noTokens, mailSize: 30_000_000, ...more, intake, world, log, spoolFolder }
  const ended = watchMailbox(mailbox, deps, stopping.signal)
  const stop = async () => {
    stopping.abort()
    await ended
    rmSync(spoolFolder, { recursive: true, force: true })
  }
  closers.push(stop)
  return { lines, line: (wanted) => lineThat(lines, listeners, wanted), stop }
}

function lineThat(
  lines: Watching['lines'],
  listeners: Set<() => void>,
  wanted: (line: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = lines.find(wanted)
      if (!found) return
      clearTimeout(timer)
      listeners.delete(look)
      resolve(found)
    }
    const timer = setTimeout(
      () => reject(new Error(`no such log line: ${wanted}; there were ${JSON.stringify(lines)}`)),
      15_000,
    )
    listeners.add(look)
    look()
  })
}

/** A small mail. */
export function mail(subject: string, body = 'Hello'): string {
  return `From: Kim <kim@example.net>\r\nTo: support@example.com\r\nSubject: ${subject}\r\n\r\n${body}\r\n`
}

export function mails(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => mail(`number ${from + index}`))
}

export function subjects(taken: string[]): string[] {
  return taken.map((text) => /^Subject: (.*)\r$/m.exec(text)?.[1] ?? '')
}
