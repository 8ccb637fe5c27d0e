import type { FastifyInstance } from 'fastify'

/**
 * Headers of every answer: no script, nothing from elsewhere, in nobody's frame, in no cache and no search engine, and no
 * URL to other sites, for it holds a key. `styleSource` lets the one stylesheet in.
 */
export function setHeaders(server: FastifyInstance, styleSource: string): void {
  const headers = {
    'content-security-policy': `default-src 'none'; style-src ${styleSource}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  server.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers)
  })
}
