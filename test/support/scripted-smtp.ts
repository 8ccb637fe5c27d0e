import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/**
 * What the server says at one point. `end`: it says so and closes the connection. `hang`: it never says anything. null: what
 * a well-behaved server says.
 */
export type Line = { say: string; end?: boolean } | 'hang' | null

/** `number`: which command, or mail, of its connection it is, from 1 on. */
export interface Script {
  greeting?: () => Line
  /** `command`: in capitals, such as 'RCPT TO:<KIM@CUSTOMER.TEST>'. */
  command?: (command: string) => Line
  /** After the final dot. `number`: the how manieth mail of its connection. */
  dot?: (number: number) => Line
}

export interface ScriptedSmtp {
  host: string
  port: number
  /** Message-IDs of what was accepted, oldest first. */
  accepted: string[]
  connections: number
  follow(script: Script): void
  close(): Promise<void>
}

/** An SMTP server, byte by byte as the test says: for what no library lets a server do. */
export async function startScriptedSmtp(): Promise<ScriptedSmtp> {
  const sockets = new Set<Socket>()
  let script: Script = {}
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that goes away in the middle is an everyday event here.
    socket.on('error', () => undefined)
    it.connections += 1
    converse(socket, () => script, it.accepted)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const it: ScriptedSmtp = {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    accepted: [],
    connections: 0,
    follow: (next) => {
      script = next
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return it
}

function converse(socket: Socket, script: () => Script, accepted: string[]): void {
  const state = { buffer: '', data: null as string[] | null, mails: 0 }
  const answer = (line: Line, usual: string): boolean => {
    if (line === 'hang') return false
    socket.write(`${line?.say ?? usual}\r\n`)
    if (line?.end) socket.end()
    return line === null
  }
  const take = (line: string) => {
    if (state.data === null) {
      const usual = /^DATA/i.test(line) ? '354 go on' : '250 ok'
      if (answer(script().command?.(line.toUpperCase()) ?? null, usual) && usual.startsWith('354')) state.data = []
    } else if (line !== '.') state.data.push(line)
    else {
      state.mails += 1
      const said = script().dot?.(state.mails) ?? null
      const id = state.data.find((it) => it.startsWith('Message-ID: '))?.slice('Message-ID: '.length) ?? ''
      if (said === null || (said !== 'hang' && said.say.startsWith('250'))) accepted.push(id)
      state.data = null
      answer(said, '250 ok')
    }
  }
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    const lines = (state.buffer + chunk).split('\r\n')
    state.buffer = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
  answer(script().greeting?.() ?? null, '220 scripted.test ESMTP')
}
