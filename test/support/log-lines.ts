import { Writable } from 'node:stream'

/** What the program logged, line by line, as objects. */
export interface LogLines {
  stream: Writable
  lines: Record<string, unknown>[]
  /** The first line that `wanted` says yes to, there already or still to come. */
  waitFor(wanted: (line: Record<string, unknown>) => boolean, milliseconds?: number): Promise<Record<string, unknown>>
}

export function collectLog(): LogLines {
  const lines: Record<string, unknown>[] = []
  const listeners = new Set<() => void>()
  const stream = new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split('\n').filter(Boolean)) lines.push(read(line))
      for (const listener of [...listeners]) listener()
      done()
    },
  })
  return {
    stream,
    lines,
    waitFor: async (wanted, milliseconds = 20_000) =>
      await new Promise((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(
              new Error(
                `no such log line within ${milliseconds} ms; the last ones: ${JSON.stringify(lines.slice(-5))}`,
              ),
            ),
          milliseconds,
        )
        const look = () => {
          const found = lines.find(wanted)
          if (!found) return
          clearTimeout(timer)
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        look()
      }),
  }
}

/** A line that is no JSON is what the program says when it cannot start: it is a message of its own. */
function read(line: string): Record<string, unknown> {
  return line.startsWith('{') ? JSON.parse(line) : { level: 'text', msg: line }
}
