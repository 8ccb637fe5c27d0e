import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { type: 'minor' }) => void

let collect: Collect | null = null

/**
 * Gives the memory of Buffers back that nobody uses any more. V8 by itself waits until about 64 MB of them have piled up in each
 * thread, which is most of what a long mail costs; whoever moves one through memory calls this every few megabytes. Takes
 * about a millisecond.
 */
export function releaseBuffers(): void {
  collect ??= exposedCollector()
  collect({ type: 'minor' })
}

/** The collector is a function of V8's that Node shows only with a flag; the flag may be set at any time. */
function exposedCollector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}
