import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SmsConfig } from '../config/config.ts'

export interface SandboxMessage {
  to: string
  text: string
  from: string
}

/** well: takes everything. refuse: 402, and repeats what it was sent. hang: never answers. */
export type SmsManners = 'well' | 'refuse' | 'hang'

/** A gateway for text messages on loopback that delivers to nobody: it keeps them. */
export interface SandboxSmsGateway {
  /** How Posthorn is configured to use it. */
  config: SmsConfig
  /** Oldest first. */
  messages: readonly SandboxMessage[]
  behave(manners: SmsManners): void
  close(): Promise<void>
}

const MOST_BODY = 64 * 1024

/** Starts it on a free port of 127.0.0.1. */
export async function startSmsGateway(): Promise<SandboxSmsGateway> {
  const messages: SandboxMessage[] = []
  let manners: SmsManners = 'well'
  const server = createServer((request, response) => {
    if (manners === 'hang') return
    readBody(request).then(
      (body) => answer(response, body, manners, messages),
      (error: Error) => response.destroy(error),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    config: configOf(`http://127.0.0.1:${port}/messages`),
    messages,
    behave: (wanted) => {
      manners = wanted
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function configOf(url: string): SmsConfig {
  return {
    url,
    method: 'POST',
    headers: {},
    contentType: 'application/json',
    body: '{"to": "{to}", "from": "{from}", "text": "{text}"}',
    from: 'Acme',
    prefixes: [],
    perDay: 500,
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BODY) throw new Error(`a message of more than ${MOST_BODY} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function answer(response: ServerResponse, body: string, manners: SmsManners, messages: SandboxMessage[]): void {
  const message = messageOf(body)
  if (!message) return void response.writeHead(400).end('this is no message')
  if (manners === 'refuse') return void response.writeHead(402).end(`no credit for: ${body}`)
  messages.push(message)
  response.writeHead(201, { 'content-type': 'application/json' }).end(`{"id": ${messages.length}}`)
}

function messageOf(body: string): SandboxMessage | null {
  try {
    const { to, text, from } = JSON.parse(body) as Record<string, unknown>
    return typeof to === 'string' && typeof text === 'string' ? { to, text, from: String(from) } : null
  } catch {
    // No JSON: the caller is told so.
    return null
  }
}
