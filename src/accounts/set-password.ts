import { isoTime } from '../core/world.ts'
import { isLanguage } from '../model/language.ts'
import { pageUrl } from '../model/thread-key.ts'
import type { LinkPurpose } from '../store/account-tables.ts'
import { updateAccount } from '../store/accounts/accounts.ts'
import { spendLinksOf } from '../store/accounts/links.ts'
import { deleteKnownDevices } from '../store/accounts/sessions.ts'
import { markVerified, updatePerson } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext, Visit } from './context.ts'
import { type Entered, enter, needsSecond } from './enter.ts'
import { type OpenedLink, openLink, useLink } from './links.ts'
import { writeAccountMail } from './mails.ts'
import { judgePassword, type RuleResult } from './password-rules.ts'
import { ensureAccount, findFormerHolder, findKnownById, type Known } from './people.ts'
import { record } from './record.ts'
import { endSessions, isProven, type Session } from './sessions.ts'

/** The links by which a password is set. */
export const PASSWORD_LINKS: readonly LinkPurpose[] = ['create-password', 'activate', 'reset-password']
/** What is no longer wanted once a password is set. */
const ENDED_BY_IT: readonly LinkPurpose[] = [...PASSWORD_LINKS, 'sign-in']

export type PasswordSet =
  | ({ kind: 'in' } & Entered)
  | { kind: 'weak'; rules: RuleResult[] }
  | { kind: 'link'; state: 'expired' | 'spent' | 'unknown' }

/**
 * Sets a password by a link: of a new account, which the link proves the address of, or in the place of a lost one. Other
 * sessions end; the person is signed in as far as the link goes. `name`: corrected, or null to leave it.
 */
export async function setPasswordByLink(
  ctx: AccountContext,
  wish: { token: unknown; password: string; name: string | null; deviceToken: unknown },
  visit: Visit,
): Promise<PasswordSet> {
  const link = await openLink(ctx.store.db, ctx, PASSWORD_LINKS, wish.token)
  if (!link) return { kind: 'link', state: 'unknown' }
  if (link.state !== 'open') return { kind: 'link', state: link.state }
  const rules = await rulesFor(ctx, link, wish.password)
  if (rules.some(({ met }) => !met)) return { kind: 'weak', rules }
  const hash = await ctx.hasher.hash(wish.password)
  return await ctx.store.transaction(async (tx) => {
    if (!(await useLink(tx, ctx, link))) return { kind: 'link', state: 'spent' }
    const known = await personOf(tx, ctx, link, wish.name)
    if (!known?.account || known.account.disabled_at) return { kind: 'link', state: 'unknown' }
    await write(tx, ctx, known, { hash, link, name: wish.name, visit })
    const { account } = (await findKnownById(tx, known.person.id)) ?? known
    if (!account) throw new Error(`the account of person ${known.person.id} is gone`)
    const who = { person: known.person, account, way: 'link', visit, deviceToken: wish.deviceToken } as const
    return { kind: 'in', ...(await enter(tx, ctx, who)) }
  })
}

/** The rules for whoever a link is for, with what a password would meet of them. */
export async function rulesFor(ctx: AccountContext, link: OpenedLink, password: string): Promise<RuleResult[]> {
  const known = link.personId ? await findKnownById(ctx.store.db, link.personId) : null
  const second = known?.account
    ? await needsSecond(ctx.store.db, ctx, { person: known.person, account: known.account })
    : false
  return judgePassword(ctx.policy.passwords, password, { address: link.address, second })
}

/** Whoever the link is for; somebody new is made a person here, for the address is proven now. */
async function personOf(tx: Db, ctx: AccountContext, link: OpenedLink, name: string | null): Promise<Known | null> {
  if (link.purpose === 'reset-password') {
    const known = link.personId ? await findKnownById(tx, link.personId) : null
    return known?.person.address === link.address ? known : null
  }
  // Whoever gave the address up meanwhile has an account that it does not open any more.
  if (await findFormerHolder(tx, link.address)) return null
  const { language = '', name: given = '' } = link.data
  const who = { address: link.address, name: name ?? given, language: isLanguage(language) ? language : null }
  return await ensureAccount(tx, ctx, who)
}

interface Setting {
  hash: string
  link: OpenedLink
  name: string | null
  visit: Visit
}

async function write(tx: Db, ctx: AccountContext, { person, account }: Known, it: Setting): Promise<void> {
  const at = isoTime(ctx.world.now())
  const first = !account?.activated_at
  await updateAccount(tx, person.id, {
    password_hash: it.hash,
    password_at: at,
    ...(first ? { activated_at: at } : {}),
  })
  await markVerified(tx, person.address, at)
  if (it.name !== null && it.name !== person.name) await updatePerson(tx, person.id, { name: it.name })
  await endWhatWas(tx, person.id, at)
  await record(tx, ctx, { personId: person.id, visit: it.visit }, first ? 'activated' : 'password-reset')
  if (!first) await tellOfPassword(tx, ctx, person)
}

async function endWhatWas(tx: Db, personId: string, at: string): Promise<void> {
  await spendLinksOf(tx, personId, ENDED_BY_IT, at)
  await endSessions(tx, personId, null)
  await deleteKnownDevices(tx, personId)
}

async function tellOfPassword(tx: Db, ctx: AccountContext, person: Known['person']): Promise<void> {
  const securityUrl = pageUrl(ctx.policy.portalUrl, 'forgotten')
  await writeAccountMail(tx, ctx, person, { kind: 'password-changed', securityUrl }, false)
}

export type PasswordChanged =
  | { kind: 'changed' }
  | { kind: 'weak'; rules: RuleResult[] }
  /** The old password is asked for again. */
  | { kind: 'unproven' }

/** Changes the password of somebody who is signed in and has proven themselves lately. All other sessions end. */
export async function changePassword(
  ctx: AccountContext,
  session: Session,
  password: string,
  visit: Visit,
): Promise<PasswordChanged> {
  if (!isProven(ctx, session)) return { kind: 'unproven' }
  const known = await findKnownById(ctx.store.db, session.personId)
  if (!known?.account) return { kind: 'unproven' }
  const { person, account } = known
  const second = await needsSecond(ctx.store.db, ctx, { person, account })
  const rules = judgePassword(ctx.policy.passwords, password, { address: person.address, second })
  if (rules.some(({ met }) => !met)) return { kind: 'weak', rules }
  const hash = await ctx.hasher.hash(password)
  await ctx.store.transaction(async (tx) => {
    const at = isoTime(ctx.world.now())
    await updateAccount(tx, person.id, { password_hash: hash, password_at: at })
    await spendLinksOf(tx, person.id, ENDED_BY_IT, at)
    await endSessions(tx, person.id, session.id)
    await deleteKnownDevices(tx, person.id)
    await record(tx, ctx, { personId: person.id, visit }, 'password-changed')
    await tellOfPassword(tx, ctx, person)
  })
  return { kind: 'changed' }
}
