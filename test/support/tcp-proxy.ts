import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  host: string
  port: number
  /** Cuts the next connections, or the present ones, after this many more bytes from the server. null: never. */
  cutAfter: number | null
  /** How often it has cut. */
  cuts: number
  /** Awaited before each piece of the client's goes on to the server. */
  beforeClient: ((text: string) => Promise<void>) | null
  /** While true, nothing passes in either direction: the network is gone, but nobody has noticed. */
  silent: boolean
  /** While true, new connections are refused by being closed at once. */
  refusing: boolean
  drop(): void
  close(): Promise<void>
}

/** A network that misbehaves on command, between a client and a real server on 127.0.0.1. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => join(client))
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: TcpProxy = {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    cutAfter: null,
    cuts: 0,
    beforeClient: null,
    silent: false,
    refusing: false,
    drop,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      drop()
      await closed
    },
  }

  function join(client: Socket): void {
    if (proxy.refusing) {
      client.destroy()
      return
    }
    const upstream = connect(targetPort, '127.0.0.1')
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      sockets.add(socket)
      // The other side learns of it by being closed too.
      socket.on('error', () => undefined)
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    let sending = Promise.resolve()
    client.on('data', (chunk) => {
      if (proxy.silent) return
      sending = sending
        .then(() => proxy.beforeClient?.(chunk.toString('latin1')))
        .then(() => {
          upstream.write(chunk)
        })
    })
    upstream.on('data', (chunk) => {
      if (proxy.silent) return
      if (proxy.cutAfter === null || chunk.length < proxy.cutAfter) {
        if (proxy.cutAfter !== null) proxy.cutAfter -= chunk.length
        client.write(chunk)
        return
      }
      proxy.cuts += 1
      client.write(chunk.subarray(0, proxy.cutAfter), () => client.destroy())
      proxy.cutAfter = null
    })
  }
  return proxy
}
