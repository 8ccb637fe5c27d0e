import type { FastifyInstance } from 'fastify'
import { arrive } from '../../accounts/identities.ts'
import { beginVisit, endVisit, keptIdentity } from '../../accounts/identity-visit.ts'
import { isProven } from '../../accounts/sessions.ts'
import { pageUrl } from '../../model/thread-key.ts'
import { failurePage, orFailure } from './identity-failure.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY } from './pages.ts'
import { returnPath, withReturn } from './return-to.ts'
import { stepInto } from './step-into.ts'
import type { Visitor } from './visitor.ts'

/** The way to a provider, and the way back. */
export function identityVisitPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/identity/:name/start', {
    get: async (asked) => await withProvider(deps, asked, async (provider) => await start(deps, asked, provider)),
  })
  accountPage(part, deps, '/identity/:name/callback', {
    get: async (asked) => {
      const answer = await withProvider(deps, asked, async (provider) => await comeBack(deps, asked, provider))
      // Signing in may have written a mail.
      deps.committed()
      return answer
    },
  })
}

interface Provider {
  name: string
  label: string
}

async function withProvider(
  { providers }: AccountDeps,
  { visitor, params }: Asked,
  page: (provider: Provider) => Promise<Answer>,
): Promise<Answer> {
  const provider = providers.list.find(({ name }) => name === params.name)
  if (provider) return await page(provider)
  const { t } = visitor
  return { status: 404, page: { ...EMPTY, title: t('unknown.title'), lead: [t('unknown.text')] } }
}

/** Nothing of an account is changed by it, so that a link may lead here. Linking is asked for once more, after coming back. */
async function start(deps: AccountDeps, { visitor, query }: Asked, provider: Provider): Promise<Answer> {
  const { session } = visitor
  const wantsLink = query.get('link') === 'yes'
  if (wantsLink && !session) return { to: withReturn('/sign-in', '/account/identities') }
  if (wantsLink && session && !isProven(deps.ctx, session)) return { to: '/account/identities' }
  return await orFailure(deps, visitor, provider, async () => {
    const { token, secrets } = await beginVisit(deps.ctx, {
      provider: provider.name,
      wants: wantsLink ? 'link' : 'enter',
      personId: wantsLink ? (session?.personId ?? null) : null,
      to: returnPath(query.get('to')),
    })
    // Whoever links says at the provider which identity is meant, and that it is theirs: the browser may not be.
    const anew = wantsLink || query.get('anew') === 'yes'
    const away = await deps.providers.urlFor(provider.name, callbackUrl(deps, provider), secrets, anew)
    visitor.set('identity', token)
    return { away }
  })
}

/** Made of the configured URL: a Host header decides nothing. Each provider has its own (RFC 9700, 4.4.2.2). */
function callbackUrl({ ctx }: AccountDeps, { name }: Provider): string {
  return pageUrl(ctx.policy.portalUrl, `identity/${name}/callback`)
}

async function comeBack(deps: AccountDeps, { visitor, query }: Asked, provider: Provider): Promise<Answer> {
  const { ctx } = deps
  const came = { provider: provider.name, state: query.get('state') ?? '' }
  const wish = await endVisit(ctx, visitor.cookie('identity'), came)
  if (!wish) return failurePage(deps, visitor, 'over', provider)
  visitor.drop('identity')
  return await orFailure(deps, visitor, provider, async () => {
    const url = new URL(`${callbackUrl(deps, provider)}?${query}`)
    const { secrets, ...rest } = wish
    const identity = await deps.providers.identityOf(provider.name, url, secrets)
    const coming = { wish: rest, deviceToken: visitor.cookie('device') }
    const arrived = await arrive(ctx, identity, coming, visitor.visit)
    if (arrived.kind === 'closed') return failurePage(deps, visitor, 'closed', provider)
    if (arrived.kind === 'in') return stepInto(visitor, arrived, wish.to)
    visitor.set('identity', arrived.token)
    return { to: '/identity' }
  })
}

/** Where somebody goes who has just come in by a mail: to the identity that waits in their browser to be linked, or to their cases. */
export async function pathAfterMail({ ctx }: AccountDeps, visitor: Visitor): Promise<string> {
  const kept = await keptIdentity(ctx.store.db, ctx, visitor.cookie('identity'))
  return kept?.data.wants === 'enter' ? '/identity' : '/cases'
}
