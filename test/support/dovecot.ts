import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Where Debian puts it; PATH often lacks sbin. */
const PLACES = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot', '/opt/homebrew/sbin/dovecot']

/** How to get it, for the message of a run that must have it. */
export const DOVECOT_INSTALL = 'apt-get install -y --no-install-recommends dovecot-imapd dovecot-lmtpd'

export function findDovecot(): string | null {
  return PLACES.find((path) => existsSync(path)) ?? null
}

export interface Dovecot {
  host: string
  imapPort: number
  /** TLS from the first byte, where it was asked for. */
  imapsPort: number
  lmtpPort: number
  /** The same for every user; any user name logs in. */
  password: string
  close(): Promise<void>
}

/**
 * A private Dovecot in a temporary folder, on free ports of 127.0.0.1: plain passwords, no TLS, a Maildir for whoever logs in.
 * Starts as root or not; leaves nothing behind when closed. `capabilities` is what it announces, in place of everything it can. With
 * `tls` it offers STARTTLS and a port of its own, with a certificate that nobody has signed.
 */
export async function startDovecot(options: { capabilities?: string; tls?: boolean } = {}): Promise<Dovecot> {
  const binary = findDovecot()
  if (!binary) throw new Error(`Dovecot is not installed: ${DOVECOT_INSTALL}`)
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-dovecot-'))
  const ports = { imapPort: await freePort(), imapsPort: await freePort(), lmtpPort: await freePort() }
  const config = join(folder, 'dovecot.conf')
  const announced = options.capabilities ? `imap_capability = ${options.capabilities}\n` : ''
  writeFileSync(
    config,
    dovecotConfig(folder, ports) + announced + (options.tls ? tlsConfig(folder, ports) : 'ssl = no\n'),
  )
  const server = spawn(binary, ['-F', '-c', config], { stdio: 'ignore' })
  try {
    await greeted(server, ports.imapPort, join(folder, 'dovecot.log'))
  } catch (error) {
    server.kill('SIGKILL')
    throw error
  }
  return {
    host: '127.0.0.1',
    ...ports,
    password: 'secret',
    close: async () => {
      await stop(server)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

interface Ports {
  imapPort: number
  imapsPort: number
  lmtpPort: number
}

/** Dovecot needs openssl itself: where it is, openssl is. */
function tlsConfig(folder: string, { imapsPort }: Ports): string {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...request, '-subj', '/CN=localhost', '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  })
  return `
ssl = yes
ssl_key = <${key}
ssl_cert = <${certificate}
service imap-login {
  inet_listener imaps {
    address = 127.0.0.1
    port = ${imapsPort}
    ssl = yes
  }
}
`
}

function dovecotConfig(folder: string, { imapPort, lmtpPort }: Ports): string {
  const owner = mailOwner(folder)
  return `
protocols = imap lmtp
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = ${owner.internal}
default_internal_group = ${owner.internalGroup}
default_login_user = ${owner.login}
first_valid_uid = 1
mail_location = maildir:${folder}/mail/%u
mail_fsync = never
lmtp_save_to_detail_mailbox = no
recipient_delimiter = +
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${folder}/mail/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
`
}

/** Dovecot serves no mail as root: then its mails belong to nobody. */
function mailOwner(folder: string) {
  const { uid, gid, username } = userInfo()
  mkdirSync(join(folder, 'mail'))
  if (uid !== 0) {
    const group = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()
    return { uid, gid, internal: username, internalGroup: group, login: username }
  }
  chmodSync(folder, 0o755)
  chownSync(join(folder, 'mail'), 65534, 65534)
  return { uid: 65534, gid: 65534, internal: 'dovecot', internalGroup: 'dovecot', login: 'dovenull' }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function greeted(server: ChildProcess, port: number, logFile: string): Promise<void> {
  const until = Date.now() + 10_000
  while (Date.now() < until && server.exitCode === null) {
    if (await greets(port)) return
    await wait(10)
  }
  const log = existsSync(logFile) ? readFileSync(logFile, 'utf8') : 'no log was written'
  throw new Error(`Dovecot did not start: ${log}`)
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

/** Its processes take their time after SIGTERM; what is only a test's need not wait for them. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
}
