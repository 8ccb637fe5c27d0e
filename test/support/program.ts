import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { collectLog, type LogLines } from './log-lines.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a command of the program to its end, as somebody at a terminal would. */
export async function posthorn(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out: string[] = []
  const err: string[] = []
  child.stdout.on('data', (chunk) => out.push(String(chunk)))
  child.stderr.on('data', (chunk) => err.push(String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: out.join(''), stderr: err.join('') }
}

/** The JSON objects that a command printed, one a line. */
export function jsonLines<T = Record<string, unknown>>({ stdout }: Ended): T[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T)
}

export interface Started {
  child: ChildProcess
  log: LogLines
  /** SIGTERM, and the exit status. */
  stop(): Promise<number | null>
}

/** Starts `posthorn start` and waits until it says so. */
export async function startProgram(config: string, env: NodeJS.ProcessEnv): Promise<Started> {
  const child = spawn(process.execPath, [MAIN, 'start', '--config', config], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const log = collectLog()
  child.stderr.pipe(log.stream)
  const line = await log.waitFor(({ msg, level }) => msg === 'posthorn has started' || level === 'text')
  if (line.level === 'text') throw new Error(String(line.msg))
  return {
    child,
    log,
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}
