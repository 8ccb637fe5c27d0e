import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fuzz } from './run.ts'

/**
 * `npm run fuzz [-- COUNT [SEED]]`: damaged fixtures read one after the other. Prints one JSON summary; exit status 1 where
 * anything was found, with the mails in tmp/fuzz.
 */
const [count = 50_000, seed = 1] = process.argv.slice(2).map(Number)
if (!Number.isInteger(count) || !Number.isInteger(seed))
  throw new Error('fuzz takes a count and a seed, both whole numbers')
const folder = join(import.meta.dirname, '../../tmp/fuzz')
const summary = await fuzz({ count, seed, threads: availableParallelism(), folder })
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
process.exitCode = summary.found > 0 ? 1 : 0
