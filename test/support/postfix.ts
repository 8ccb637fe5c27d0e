import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Where Debian puts it; PATH often lacks sbin. */
const BINARY = '/usr/sbin/postfix'
const DAEMONS = '/usr/lib/postfix/sbin'

/** How to get it, for the message of a run that must have it. Postfix itself starts as root alone. */
export const POSTFIX_INSTALL =
  'DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postfix, as root'

/** Whether it can be started here; with REQUIRE_SERVERS=1 it must be. */
export const hasPostfix = existsSync(BINARY) && existsSync(DAEMONS) && process.getuid?.() === 0

if (process.env.REQUIRE_SERVERS === '1' && !hasPostfix)
  throw new Error(`REQUIRE_SERVERS=1, but Postfix is not installed: ${POSTFIX_INSTALL}`)

export interface Postfix {
  host: string
  port: number
  /** What it has logged so far. */
  log(): string
  close(): Promise<void>
}

/**
 * A private Postfix in a temporary folder, on a port of 127.0.0.1, that hands everything on to one server: mails, and the
 * reports about those that it does not get rid of. Nothing else of the machine's is touched; nothing is left behind.
 */
export async function startPostfix(options: {
  port: number
  relayTo: { host: string; port: number }
}): Promise<Postfix> {
  if (!hasPostfix) throw new Error(`Postfix is not installed: ${POSTFIX_INSTALL}`)
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-postfix-'))
  // Its own user has to get through.
  chmodSync(folder, 0o755)
  for (const name of ['etc', 'spool', 'data']) mkdirSync(join(folder, name))
  execFileSync('chown', ['postfix', join(folder, 'data')])
  writeFileSync(join(folder, 'etc/main.cf'), mainConfig(folder, options.relayTo))
  writeFileSync(join(folder, 'etc/master.cf'), masterConfig(options.port))
  const server = spawn(BINARY, ['-c', join(folder, 'etc'), 'start-fg'], { stdio: 'ignore' })
  const log = () => readIfThere(join(folder, 'mail.log'))
  const close = async () => {
    await stop(server, join(folder, 'spool/pid/master.pid'))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await greeted(server, options.port)
  } catch (error) {
    const said = log()
    await close()
    throw new Error(`Postfix did not start: ${said}`, { cause: error })
  }
  return { host: '127.0.0.1', port: options.port, log, close }
}

function mainConfig(folder: string, relay: { host: string; port: number }): string {
  return `
compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
daemon_directory = ${DAEMONS}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
myhostname = relay.acme.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [${relay.host}]:${relay.port}
smtp_dns_support_level = disabled
smtp_host_lookup = native
notify_classes =
`
}

/** Without chroot: the folder holds no copy of the machine's libraries. */
function masterConfig(port: number): string {
  const line = (name: string, type: string, isPrivate: boolean, most: string, command: string) =>
    `${name} ${type} ${isPrivate ? 'y' : 'n'} - n - ${most} ${command}`
  const within = [
    'rewrite/trivial-rewrite',
    'smtp',
    'relay/smtp',
    'error',
    'retry/error',
    'discard',
    'proxymap',
    'anvil',
  ]
  return [
    line(`127.0.0.1:${port}`, 'inet', false, '-', 'smtpd'),
    line('cleanup', 'unix', false, '0', 'cleanup'),
    line('qmgr', 'unix', false, '1', 'qmgr'),
    line('showq', 'unix', false, '-', 'showq'),
    line('postlog', 'unix-dgram', false, '1', 'postlogd'),
    ...['bounce', 'defer', 'trace'].map((name) => line(name, 'unix', true, '0', 'bounce')),
    ...within.map((it) => line(it.split('/')[0] ?? it, 'unix', true, '-', it.split('/').at(-1) ?? it)),
    '',
  ].join('\n')
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : 'no log was written'
}

async function greeted(server: ChildProcess, port: number): Promise<void> {
  const until = Date.now() + 15_000
  while (Date.now() < until && server.exitCode === null) {
    if (await greets(port)) return
    await wait(20)
  }
  throw new Error(server.exitCode === null ? 'it said nothing for 15 seconds' : `it ended with ${server.exitCode}`)
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('data', () => answer(true))
    socket.once('error', () => answer(false))
    socket.once('close', () => resolve(false))
  })
}

/** The script ends when the master does, and the master takes its own with it. */
async function stop(server: ChildProcess, pidFile: string): Promise<void> {
  if (server.exitCode !== null) return
  const ended = once(server, 'exit')
  const master = Number(readIfThere(pidFile).trim())
  if (Number.isInteger(master) && master > 1) process.kill(master, 'SIGTERM')
  else server.kill('SIGTERM')
  await ended
}
