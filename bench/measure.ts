/** One line of `npm run bench`. A ratio with `most` fails the run when it is over. */
export interface Figure {
  name: string
  value: number
  unit: 'ms' | 'times' | 'MB'
  most?: number
  note?: string
}

/** CPU time of all threads of this process while `work` runs, in milliseconds. */
export async function cpu<T>(work: () => Promise<T> | T): Promise<{ value: T; ms: number }> {
  const before = process.cpuUsage()
  const value = await work()
  const { user, system } = process.cpuUsage(before)
  return { value, ms: (user + system) / 1_000 }
}

export function print(figure: Figure): boolean {
  const { name, value, unit, most, note } = figure
  const over = most !== undefined && value > most
  const bound = most === undefined ? '' : ` (at most ${most}${over ? ', OVER' : ''})`
  process.stdout.write(`${value.toFixed(3).padStart(10)} ${unit.padEnd(5)} ${name}${bound}${note ? `: ${note}` : ''}\n`)
  return !over
}
