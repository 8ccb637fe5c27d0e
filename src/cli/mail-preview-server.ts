import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describeError } from '../core/errors.ts'
import { inTheme, makePreviews, type Preview, type PreviewSource, type Previews } from './mail-preview.ts'
import { previewPage, problemPage } from './mail-preview-page.ts'

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"

/**
 * Serves all mails on 127.0.0.1; on another port where that one is taken. Templates are read anew with each load of the
 * page, so that one can write and look. No script runs anywhere, and of the network only the brand's logo is loaded.
 */
export async function servePreviews(
  source: PreviewSource,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  let previews: Previews | null = null
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'GET') return send(response, 405, 'only GET', { type: 'text/plain' })
    const theme = url.searchParams.get('theme') === 'dark' ? 'dark' : 'light'
    try {
      if (url.pathname === '/') {
        previews = makePreviews(source)
        const frameUrl = (mail: Preview) => `${pathOf(mail)}.html?theme=${theme}`
        const page = previewPage(previews, { themes: { current: theme }, frameUrl })
        return send(response, 200, page, { type: 'text/html', policy: PAGE_POLICY })
      }
      previews ??= makePreviews(source)
      sendFile(response, url.pathname, { previews, theme, framePolicy: framePolicy(source) })
    } catch (error) {
      send(response, 500, problemPage(describeError(error)), { type: 'text/html', policy: PAGE_POLICY })
    }
  })
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Writes all mails: `<kind>/<language>.html`, `.txt`, `.headers.txt`, and index.html. Returns how many mails. */
export function writePreviews({ mails, problems }: Previews, folder: string): number {
  for (const mail of mails) {
    mkdirSync(join(folder, mail.kind), { recursive: true })
    for (const { path, content } of filesOf(mail)) writeFileSync(join(folder, path), content)
  }
  const page = previewPage({ mails, problems }, { themes: null, frameUrl: (mail) => `${pathOf(mail)}.html` })
  writeFileSync(join(folder, 'index.html'), page)
  return mails.length
}

function pathOf({ kind, language }: Preview): string {
  return `${kind}/${language}`
}

function filesOf(mail: Preview): { path: string; content: string }[] {
  const path = pathOf(mail)
  return [
    { path: `${path}.html`, content: mail.html },
    { path: `${path}.txt`, content: mail.text },
    { path: `${path}.headers.txt`, content: mail.headers },
  ]
}

function sendFile(
  response: ServerResponse,
  path: string,
  { previews, theme, framePolicy }: { previews: Previews; theme: 'light' | 'dark'; framePolicy: string },
): void {
  const file = previews.mails.flatMap(filesOf).find((it) => `/${it.path}` === path)
  if (!file) send(response, 404, 'there is no such mail', { type: 'text/plain' })
  else if (!path.endsWith('.html')) send(response, 200, file.content, { type: 'text/plain' })
  else send(response, 200, inTheme(file.content, theme), { type: 'text/html', policy: framePolicy })
}

/** A mail's HTML lives in a sandbox, as in a mail program. */
function framePolicy({ brand }: PreviewSource): string {
  const logo = brand?.logo ? ` ${new URL(brand.logo.url).origin}` : ''
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:${logo}; sandbox; frame-ancestors 'self'; base-uri 'none'`
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  { type, policy = "default-src 'none'" }: { type: string; policy?: string },
): void {
  response
    .writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    .end(body)
}
