import { createReadStream } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { ClamdConfig } from '../config/config.ts'
import { describeError } from '../core/errors.ts'
import type { Content } from '../message/message.ts'
import type { ScanVerdict } from '../model/scan.ts'

/** Bytes of a chunk; clamd takes any size below its own limit. */
const CHUNK = 64 * 1024
/** Characters of an answer that are read: it is one line. */
const MOST_ANSWER = 1_000

/**
 * Has clamd look at a mail as it came, attachments and all (INSTREAM, clamd(8)). Never throws: where clamd cannot be reached,
 * does not answer in time or refuses the size, the verdict is 'unknown', with the reason.
 */
export async function scanMail(clamd: ClamdConfig, mail: Content): Promise<ScanVerdict> {
  try {
    return verdictOf(await ask(clamd, mail))
  } catch (error) {
    return { kind: 'unknown', why: `clamd: ${describeError(error)}` }
  }
}

function verdictOf(answer: string): ScanVerdict {
  const found = /^stream: (.{1,200}) FOUND$/.exec(answer)?.[1]
  if (found) return { kind: 'infected', name: found }
  if (answer === 'stream: OK') return { kind: 'clean' }
  return { kind: 'unknown', why: answer === '' ? 'clamd gave no answer' : `clamd answered '${answer.slice(0, 200)}'` }
}

async function ask(clamd: ClamdConfig, mail: Content): Promise<string> {
  const socket = 'socket' in clamd ? connect(clamd.socket) : connect(clamd.port, clamd.host)
  const late = new Error(`no answer within ${clamd.timeoutSeconds} seconds`)
  const timer = setTimeout(() => socket.destroy(late), clamd.timeoutSeconds * 1_000)
  try {
    const answer = readAnswer(socket)
    // Over its size limit clamd answers and hangs up while we still write: then the answer says why, not the broken pipe.
    const written = send(socket, mail).catch((error: unknown) => error)
    const text = await answer
    if (text === '') {
      const failure = await written
      if (failure instanceof Error) throw failure
    }
    return text
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** The answer up to its NUL, or what had come when the connection ended; an error only where nothing had. */
async function readAnswer(socket: Socket): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = ''
    const done = () => resolve(text.split('\0', 1)[0]?.trim() ?? '')
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\0') || text.length > MOST_ANSWER) done()
    })
    socket.on('end', done)
    socket.on('close', done)
    socket.on('error', (error) => (text === '' ? reject(error) : done()))
  })
}

async function send(socket: Socket, mail: Content): Promise<void> {
  await write(socket, Buffer.from('zINSTREAM\0'))
  for await (const chunk of chunksOf(mail)) {
    if (socket.readableEnded || socket.destroyed) return
    const length = Buffer.alloc(4)
    length.writeUInt32BE(chunk.length)
    await write(socket, Buffer.concat([length, chunk]))
  }
  await write(socket, Buffer.alloc(4))
}

async function* chunksOf(mail: Content): AsyncGenerator<Uint8Array> {
  if ('path' in mail) {
    yield* createReadStream(mail.path, { highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>
    return
  }
  for (let at = 0; at < mail.bytes.length; at += CHUNK) yield mail.bytes.subarray(at, at + CHUNK)
}

async function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}
