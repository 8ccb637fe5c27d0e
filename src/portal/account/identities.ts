import type { FastifyInstance } from 'fastify'
import { identitiesOf, type OwnIdentity, unlinkIdentity } from '../../accounts/identities.ts'
import { openLink } from '../../accounts/links.ts'
import { moveByLink, movedByLink } from '../../accounts/move-identity.ts'
import { maskAddress } from '../../model/address.ts'
import type { AccountPage, LinkView, Part } from '../../render/account-pages.ts'
import { provenIn } from './confirm.ts'
import { form } from './fields.ts'
import { readFields } from './form-body.ts'
import { startPath } from './identity-failure.ts'
import { identityNowPages } from './identity-now.ts'
import { identityVisitPages } from './identity-visit.ts'
import { moment } from './moment.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import type { SignedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

const PATH = '/account/identities'

/** Identities at OpenID providers: their owner's list of them, and the pages on the way of linking one. */
export function identityPages(part: FastifyInstance, deps: AccountDeps): void {
  identityVisitPages(part, deps)
  identityNowPages(part, deps)
  accountPage(part, deps, PATH, {
    get: async (asked) => await provenIn(deps, asked, PATH, async (who) => ({ page: await listPage(deps, who, null) })),
  })
  accountPage(part, deps, `${PATH}/unlink`, {
    // The bin beside an identity: it asks once more.
    post: async ({ visitor, form: sent }) => {
      const fields = readFields(sent, { id: { most: 43 } })
      return fields && isKey(fields.id) ? { to: `${PATH}/${fields.id}` } : rejected(visitor)
    },
  })
  accountPage(part, deps, `${PATH}/:key`, {
    get: async (asked) => await oneIdentity(deps, asked, async (who, it) => ({ page: unlinkPage(deps, who, it) })),
    post: async (sent) => await oneIdentity(deps, sent, async (who, it) => await unlink(deps, who, it)),
  })
  accountPage(part, deps, '/move/:token', {
    get: async (asked) => await showMove(deps, asked),
    post: async (sent) => await takeMove(deps, sent),
  })
}

/** 'Sign in with Microsoft', for each provider. */
export function identityLinks({ base, providers }: AccountDeps, { t }: Visitor, to: string): LinkView[] {
  return providers.list.map(({ name, label }) => ({
    href: `${base}${startPath(name, { to })}`,
    text: t('identity.enter', { provider: label }),
  }))
}

/** The way to one's identities, where there are providers to have them at. */
export function identitiesLink({ base, providers }: AccountDeps, { t }: Visitor): LinkView[] {
  return providers.list.length > 0 ? [{ href: `${base}${PATH}`, text: t('identities.title') }] : []
}

function isKey(text: string): boolean {
  return /^[\w-]{43}$/.test(text)
}

async function listPage(deps: AccountDeps, { visitor, known }: SignedIn, problem: string | null): Promise<AccountPage> {
  const { t } = visitor
  const rows = (await identitiesOf(deps.ctx.store.db, deps.providers, known.person.id)).map((it) => ({
    title: [it.providerLabel, it.label].filter((text) => text).join(': '),
    href: '',
    facts: factsOf(deps, visitor, it),
    action: { href: `${deps.base}${PATH}/unlink`, label: t('identities.unlink'), value: it.key },
  }))
  const ways = deps.providers.list.map(({ name, label }) => ({
    title: t('identities.add', { provider: label }),
    href: `${deps.base}${startPath(name, { link: true })}`,
    facts: '',
    action: null,
  }))
  const parts: Part[] = [
    { list: { empty: t('identities.none'), rows } },
    ...(ways.length > 0 ? [{ heading: t('identities.more'), text: '' }, { list: { empty: '', rows: ways } }] : []),
  ]
  return {
    ...EMPTY,
    title: t('identities.title'),
    lead: [t('identities.text')],
    alerts: problem === null ? [] : [{ tone: 'error', text: problem }],
    parts,
    also: [{ href: `${deps.base}/account`, text: t('account.title') }],
  }
}

function factsOf(deps: AccountDeps, { t, language }: Visitor, { createdAt, lastUsedAt }: OwnIdentity): string {
  const at = (time: string) => ({ date: moment(time, language, deps.timeZone) })
  const used = lastUsedAt === null ? t('identities.unused') : t('identities.used', at(lastUsedAt))
  return `${t('identities.linked', at(createdAt))} · ${used}`
}

/** Runs a page for one of somebody's identities, named by its path. */
async function oneIdentity<A extends Asked>(
  deps: AccountDeps,
  asked: A,
  page: (who: SignedIn, it: OwnIdentity) => Promise<Answer>,
): Promise<Answer> {
  const key = asked.params.key ?? ''
  return await provenIn(deps, asked, isKey(key) ? `${PATH}/${key}` : PATH, async (who) => {
    const all = await identitiesOf(deps.ctx.store.db, deps.providers, who.known.person.id)
    const identity = all.find((it) => it.key === key)
    return identity ? await page(who, identity) : { to: PATH }
  })
}

function unlinkPage({ base }: AccountDeps, { visitor }: SignedIn, it: OwnIdentity): AccountPage {
  const { t } = visitor
  return {
    ...EMPTY,
    title: t('identities.unlinkTitle', { provider: it.providerLabel }),
    lead: [...(it.label ? [it.label] : []), t('identities.unlinkText')],
    parts: [form({ fields: [], button: t('identities.unlink'), grave: true })],
    also: [{ href: `${base}${PATH}`, text: t('identities.keep') }],
  }
}

async function unlink(deps: AccountDeps, who: SignedIn, { key }: OwnIdentity): Promise<Answer> {
  const done = await unlinkIdentity(deps.ctx, deps.providers, who.session, key, who.visitor.visit)
  if (done !== 'last') return { to: PATH }
  return { status: 409, page: await listPage(deps, who, who.visitor.t('identities.last')) }
}

/** A mail scanner that opens the link sees a page; only its button moves anything. */
async function showMove(deps: AccountDeps, { visitor, params }: Asked): Promise<Answer> {
  const { db } = deps.ctx.store
  const link = await openLink(db, deps.ctx, ['move-identity'], params.token)
  const move = link && (await movedByLink(db, link))
  if (link?.state !== 'open' || !move) return moveOver(deps, visitor, link?.state === 'expired' ? 'expired' : 'spent')
  const { t } = visitor
  const values = {
    provider: move.identity.providerLabel,
    address: move.from.person.address,
    other: maskAddress(move.to.person.address),
  }
  const page = {
    ...EMPTY,
    title: t('move.title', values),
    lead: [t('move.text', values)],
    parts: [form({ fields: [], button: t('move.button') })],
  }
  return { page }
}

async function takeMove(deps: AccountDeps, { visitor, params }: Sent): Promise<Answer> {
  const moved = await moveByLink(deps.ctx, params.token, visitor.visit)
  if (moved.kind === 'link') return moveOver(deps, visitor, moved.state === 'expired' ? 'expired' : 'spent')
  const { t } = visitor
  const also = [{ href: `${deps.base}/sign-in`, text: t('link.sign-in') }]
  if (moved.kind === 'last')
    return { status: 409, page: { ...EMPTY, title: t('identity.failed'), lead: [t('identity.lastThere')], also } }
  const lead = [t('move.done', { address: maskAddress(moved.address) })]
  return { page: { ...EMPTY, title: t('address.doneTitle'), lead, also } }
}

function moveOver({ base }: AccountDeps, { t }: Visitor, state: 'expired' | 'spent'): Answer {
  const also = [{ href: `${base}/sign-in`, text: t('link.sign-in') }]
  return { status: 410, page: { ...EMPTY, title: t('link-over.title'), lead: [t(`move.${state}`)], also } }
}
