import type { FastifyInstance } from 'fastify'
import { accountPages } from './account.ts'
import { casePages } from './cases.ts'
import { changeAddressPages } from './change-address.ts'
import { changePasswordPages } from './change-password.ts'
import { confirmPages } from './confirm.ts'
import { emergencyPages } from './emergency.ts'
import { factorPages } from './factors.ts'
import { forgottenPages } from './forgotten.ts'
import { identityPages } from './identities.ts'
import { type AccountDeps, readForms } from './pages.ts'
import { passkeyPages } from './passkeys.ts'
import { secondPages } from './second.ts'
import { secondSetUpPages } from './second-set-up.ts'
import { setPasswordPages } from './set-password.ts'
import { signInPages } from './sign-in.ts'
import { signUpPages } from './sign-up.ts'

type Scripts = { scripts: Readonly<Record<string, string>> }

/** All pages of accounts, as a part of the server with headers of its own: scripts from here alone, and none within a page. */
export async function accountRoutes(part: FastifyInstance, deps: AccountDeps & Scripts): Promise<void> {
  const policy = [
    "default-src 'none'",
    `style-src ${deps.pages.styleSource}`,
    "script-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
  part.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', policy)
    // With no-referrer a browser says of its own forms that they come from nowhere (Origin: null).
    reply.header('referrer-policy', 'same-origin')
    if (deps.secure) reply.header('strict-transport-security', 'max-age=31536000')
  })
  readForms(part)
  for (const [name, script] of Object.entries(deps.scripts))
    part.get(`/assets/${name}`, async (_request, reply) => {
      return await reply
        .header('cache-control', 'public, max-age=3600')
        .type('text/javascript; charset=utf-8')
        .send(script)
    })
  signUpPages(part, deps)
  setPasswordPages(part, deps)
  signInPages(part, deps)
  forgottenPages(part, deps)
  confirmPages(part, deps)
  casePages(part, deps)
  accountPages(part, deps)
  changePasswordPages(part, deps)
  changeAddressPages(part, deps)
  identityPages(part, deps)
  secondPages(part, deps)
  secondSetUpPages(part, deps)
  factorPages(part, deps)
  emergencyPages(part, deps)
  passkeyPages(part, deps)
}
