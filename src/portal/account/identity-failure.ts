import { describeError, PosthornError } from '../../core/errors.ts'
import { type AccountDeps, type Answer, EMPTY } from './pages.ts'
import { withReturn } from './return-to.ts'
import type { Visitor } from './visitor.ts'

/** Why a visit to a provider came to nothing. over: it took too long, or was begun in another window. */
export type IdentityFailure = 'down' | 'wrong' | 'refused' | 'over' | 'closed'

const STATUS: Readonly<Record<IdentityFailure, number>> = {
  down: 502,
  wrong: 502,
  refused: 403,
  over: 410,
  closed: 403,
}

/** Runs what needs a provider. Where that fails, the log says what happened and the page what to do. */
export async function orFailure(
  deps: AccountDeps,
  visitor: Visitor,
  provider: { name: string; label: string },
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    const kind = error instanceof PosthornError ? kindOf(error) : null
    if (kind === null) throw error
    const fields = { provider: provider.name, error: describeError(error) }
    if (kind === 'refused') deps.log.info(fields, 'a provider let nobody in')
    else deps.log.warn(fields, 'nobody can be signed in by a provider')
    return failurePage(deps, visitor, kind, provider)
  }
}

function kindOf({ code }: PosthornError): IdentityFailure | null {
  switch (code) {
    case 'provider-down':
      return 'down'
    case 'provider-wrong':
      return 'wrong'
    case 'provider-refused':
      return 'refused'
    default:
      return null
  }
}

export function failurePage(
  { base, address }: AccountDeps,
  { t, session }: Visitor,
  kind: IdentityFailure,
  provider: { name: string; label: string } | null,
): Answer {
  const label = provider?.label ?? ''
  const signedIn = session?.stage === 'full'
  const back = signedIn
    ? { href: `${base}/account/identities`, text: t('identities.title') }
    : { href: `${base}/sign-in`, text: t('link.sign-in') }
  const again = provider && !signedIn ? [{ href: `${base}${startPath(provider.name)}`, text: t('identity.again') }] : []
  const page = {
    ...EMPTY,
    title: t('identity.failed'),
    alerts: [{ tone: 'error' as const, text: t(`identity.${kind}`, { provider: label, address }) }],
    also: [...(kind === 'closed' ? [] : again), back],
  }
  return { status: STATUS[kind], page }
}

/** Where a visit to a provider begins: a link, for a form must not lead to another site (form-action). */
export function startPath(name: string, { to = '/cases', anew = false, link = false } = {}): string {
  const query = [...(anew ? ['anew=yes'] : []), ...(link ? ['link=yes'] : [])].join('&')
  const path = `/identity/${name}/start${query ? `?${query}` : ''}`
  if (to === '/cases') return path
  return query ? `${path}&to=${encodeURIComponent(to)}` : withReturn(path, to)
}
