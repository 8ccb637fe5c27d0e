import { fastify } from 'fastify'
import type { CaseContext } from '../cases/context.ts'
import { describeError, PosthornError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Pages } from '../render/pages.ts'
import { type AccountSetup, openAccountPages } from './account/open.ts'
import { setHeaders } from './headers.ts'
import { leaveRoutes } from './leave.ts'
import { settingsRoutes } from './settings.ts'
import { stopRoutes } from './stop.ts'
import { answerUnknown } from './unknown.ts'
import { verdictRoutes } from './verdict.ts'

export interface PortalDeps {
  ctx: CaseContext
  pages: Pages
  /** What the brand of a mailbox is called, by the mailbox's name in the configuration. */
  brandOf: (mailbox: string) => string
  /** Something was committed that may have to be sent. */
  committed: () => void
  /** The pages of accounts; absent: there are none. */
  accounts?: AccountSetup
  /** Whose word on who is asking is taken; absent: nobody's. */
  proxies?: readonly string[]
  log: Log
}

/** The web pages, while they are served. */
export interface Portal {
  /** Where it listens, for a proxy; never in links, which begin with portal.url. */
  url: string
  /** Answers what has been asked, for 2 seconds at the most, and listens no more. */
  close(): Promise<void>
}

/** Nobody has to send more than a form with a few fields. */
const MOST_BYTES = 1_024
/** Milliseconds in which a request must have arrived. */
const REQUEST_TIMEOUT = 10_000
/** Milliseconds that closing waits for requests that are under way. */
const GRACE = 2_000

/** Serves the web pages on an address. Throws 'portal-listen' where it cannot. Port 0 takes any that is free. */
export async function startPortal(listen: { host: string; port: number }, deps: PortalDeps): Promise<Portal> {
  // Not its own log: a URL holds a key, and whoever has that can use it.
  const server = fastify({
    logger: false,
    bodyLimit: MOST_BYTES,
    requestTimeout: REQUEST_TIMEOUT,
    trustProxy: [...(deps.proxies ?? [])],
    // A key that is too long is answered as any other that is none; Node.js itself limits the request line.
    routerOptions: { maxParamLength: 16_384 },
  })
  setHeaders(server, deps.pages.styleSource)
  // No route but settings reads its body: RFC 8058 sends a form of either kind, other programs none. All are read, so that
  // their size counts.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null))
  server.setNotFoundHandler((request, reply) => answerUnknown(deps, request, reply))
  server.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) deps.log.error({ route: request.routeOptions.url, error: describeError(error) }, 'a page failed')
    const text = status >= 500 ? 'Something went wrong. Please try again later.' : error.message
    return await reply.code(status).type('text/plain; charset=utf-8').send(text)
  })
  leaveRoutes(server, deps)
  verdictRoutes(server, deps)
  stopRoutes(server, deps)
  settingsRoutes(server, deps)
  const accounts = deps.accounts && (await openAccountPages(server, deps.accounts, deps.log))
  const url = await server.listen(listen).catch((cause: unknown) => {
    throw new PosthornError('portal-listen', `portal: nothing can listen on ${listen.host}:${listen.port}`, {
      temporary: false,
      hint: 'Set portal.listen to an address of this machine and a port that is free.',
      cause,
    })
  })
  return {
    url,
    close: async () => {
      const force = setTimeout(() => server.server.closeAllConnections(), GRACE)
      await server.close()
      clearTimeout(force)
      await accounts?.done()
    },
  }
}
