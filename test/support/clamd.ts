import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** The string that every scanner calls a virus (EICAR), put together so that no scanner stops at this file. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!', '$H+H*'].join('')

export interface TestClamd {
  host: string
  port: number
  /** Everything that was sent to be looked at. */
  seen: Buffer[]
  /** From now on: 'work', 'hang' (never answers) or 'garble' (answers nonsense). */
  behave(how: 'work' | 'hang' | 'garble'): void
  close(): Promise<void>
}

/** A server that speaks clamd's INSTREAM over TCP or a socket file, finds EICAR in plain or base64, and has a size limit. */
export async function startClamd(options: { path?: string; limit?: number } = {}): Promise<TestClamd> {
  const seen: Buffer[] = []
  const sockets = new Set<Socket>()
  let how: 'work' | 'hang' | 'garble' = 'work'
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    let input: Buffer = Buffer.alloc(0)
    socket.on('data', (data) => {
      if (socket.writableEnded) return
      input = Buffer.concat([input, data])
      if (options.limit && input.length > options.limit) {
        socket.end('INSTREAM size limit exceeded. ERROR\0')
        return
      }
      const content = readStream(input)
      if (content === null || how === 'hang') return
      seen.push(content)
      socket.end(how === 'garble' ? 'what?\0' : answerTo(content))
    })
  })
  if (options.path) server.listen(options.path)
  else server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: options.path ? 0 : (server.address() as AddressInfo).port,
    seen,
    behave: (next) => {
      how = next
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
      if (options.path) rmSync(options.path, { force: true })
    },
  }
}

/** The chunks put together, once the empty one has come; null before. */
function readStream(input: Buffer): Buffer | null {
  const command = 'zINSTREAM\0'
  if (input.length < command.length) return null
  if (input.toString('latin1', 0, command.length) !== command) throw new Error('not INSTREAM')
  const chunks: Buffer[] = []
  for (let at = command.length; at + 4 <= input.length; ) {
    const length = input.readUInt32BE(at)
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(input.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return null
}

function answerTo(content: Buffer): string {
  const text = content.toString('latin1').replace(/\r?\n/g, '')
  const found = [EICAR, Buffer.from(EICAR).toString('base64')].some((it) => text.includes(it))
  return found ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0'
}
