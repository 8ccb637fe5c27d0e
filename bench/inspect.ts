import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeMails } from './mails.ts'
import type { Figure } from './measure.ts'

const run = promisify(execFile)
const COUNT = Number(process.env.BENCH_MAILS ?? 2_000)
const ROUNDS = 3

/** `posthorn inspect --json` over 2,000 mails in one call against bare mailparser over the same files: CPU of each whole process. */
export async function benchInspect(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  try {
    const files = makeMails(COUNT).map(({ raw }, i) => {
      const file = join(folder, `${i}.eml`)
      writeFileSync(file, raw)
      return file
    })
    const inspect = [join(import.meta.dirname, '../src/main.ts'), 'inspect', '--json', ...files]
    const bare = [join(import.meta.dirname, 'bare-parser.ts'), ...files]
    const seconds = { inspect: [] as number[], bare: [] as number[] }
    for (let round = 0; round <= ROUNDS; round++) {
      const used = { inspect: await cpuOf(inspect), bare: await cpuOf(bare) }
      // The first round brings the files and the compiled modules near.
      if (round > 0) for (const side of ['inspect', 'bare'] as const) seconds[side].push(used[side])
    }
    const [ours, theirs] = [Math.min(...seconds.inspect), Math.min(...seconds.bare)]
    return [
      { name: 'inspect, CPU a mail, start-up included', value: (ours / COUNT) * 1_000, unit: 'ms' },
      { name: 'bare mailparser', value: (theirs / COUNT) * 1_000, unit: 'ms' },
      { name: 'inspect against bare mailparser', value: ours / theirs, unit: 'times', most: 1.6 },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Seconds of CPU, user and system, of a Node program from its start to its end: the shell adds up its children. */
async function cpuOf(args: string[]): Promise<number> {
  const { stdout } = await run('sh', ['-c', '"$@" > /dev/null || exit 1; times', 'sh', process.execPath, ...args])
  const times = [...(stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  if (times.length !== 2) throw new Error(`the shell's 'times' said: ${stdout}`)
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
}
