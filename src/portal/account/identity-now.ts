import type { FastifyInstance } from 'fastify'
import { chooseAccount, linkIdentity, type OpenAccount, whatNow } from '../../accounts/identities.ts'
import { askToMove, moveByPassword } from '../../accounts/move-identity.ts'
import type { ProvenIdentity } from '../../accounts/proven-identity.ts'
import { maskAddress } from '../../model/address.ts'
import type { AccountPage, Part } from '../../render/account-pages.ts'
import { effortPart } from './altcha.ts'
import { provenIn } from './confirm.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { failurePage, startPath } from './identity-failure.ts'
import { mayAsk, tooMuchAsked } from './limits.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import { MOST_PASSWORD } from './password-fields.ts'
import { withReturn } from './return-to.ts'
import { failureText } from './sign-in.ts'
import { checkEmail } from './sign-up.ts'
import type { SignedIn } from './signed-in.ts'
import { stepInto } from './step-into.ts'
import type { Visitor } from './visitor.ts'

const PATH = '/identity'
const ID = { most: 40 }

/** Where somebody says what is to be done with the identity that they have come back with. */
export function identityNowPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, PATH, { get: async (asked) => await show(deps, asked, null) })
  accountPage(part, deps, `${PATH}/choose`, { post: async (sent) => await choose(deps, sent) })
  accountPage(part, deps, `${PATH}/link`, {
    post: async (sent) => await provenIn(deps, sent, PATH, async (who) => await link(deps, who, sent)),
  })
  accountPage(part, deps, `${PATH}/move`, {
    post: async (sent) => await provenIn(deps, sent, PATH, async (who) => await move(deps, who, sent)),
  })
  accountPage(part, deps, `${PATH}/move/mail`, {
    post: async (sent) => await provenIn(deps, sent, PATH, async (who) => await mailMove(deps, who, sent)),
  })
}

async function show(deps: AccountDeps, asked: Asked, problem: string | null): Promise<Answer> {
  const { visitor } = asked
  const now = await whatNow(deps.ctx, visitor.cookie('identity'), visitor.session)
  const alerts = problem === null ? [] : [{ tone: 'error' as const, text: problem }]
  switch (now.kind) {
    case 'over':
      return failurePage(deps, visitor, 'over', null)
    case 'choose':
      return { page: choosePage(deps, visitor, now.accounts) }
    case 'unknown':
      return { page: await unknownPage(deps, visitor, now.identity) }
    case 'linked':
      visitor.drop('identity')
      return { to: '/account/identities' }
    case 'link':
      return await provenIn(deps, asked, PATH, async (who) => {
        const page = now.others.length > 0 ? conflictPage(deps, who, now) : linkPage(deps, who, now.identity)
        return { page: { ...page, alerts }, ...(problem === null ? {} : { status: 422 }) }
      })
  }
}

/** 'Microsoft (kim@example.com)', as far as the provider says. */
function named({ providerLabel, label }: ProvenIdentity): string {
  return label ? `${providerLabel} (${label})` : providerLabel
}

function choosePage({ base }: AccountDeps, { t }: Visitor, accounts: OpenAccount[]): AccountPage {
  const rows = accounts.map(({ person }) => ({
    title: person.address,
    href: '',
    facts: person.name,
    action: { href: `${base}${PATH}/choose`, label: t('sign-in.button'), value: person.id },
  }))
  return {
    ...EMPTY,
    title: t('identity.choose'),
    lead: [t('identity.chooseText')],
    parts: [{ list: { empty: '', rows } }],
  }
}

async function choose(deps: AccountDeps, { visitor, form: sent }: Sent): Promise<Answer> {
  const fields = readFields(sent, { id: ID })
  if (!fields) return rejected(visitor)
  const wish = { token: visitor.cookie('identity'), personId: fields.id, deviceToken: visitor.cookie('device') }
  const chosen = await chooseAccount(deps.ctx, wish, visitor.visit)
  visitor.drop('identity')
  if (!chosen) return failurePage(deps, visitor, 'over', null)
  return stepInto(visitor, chosen, chosen.to)
}

/** The same page whatever address the provider tells: it says nothing about who has an account. */
async function unknownPage(deps: AccountDeps, visitor: Visitor, identity: ProvenIdentity): Promise<AccountPage> {
  const { base } = deps
  const { t } = visitor
  const effort = await effortPart(deps, visitor)
  const { provider, providerLabel, name, address } = identity
  const other = startPath(provider, { anew: true })
  const rows = [
    { title: t('identity.have'), href: `${base}${withReturn('/sign-in', PATH)}`, facts: t('identity.haveText') },
    {
      title: t('identity.other', { provider: providerLabel }),
      href: `${base}${other}`,
      facts: t('identity.otherText'),
    },
  ]
  return {
    ...EMPTY,
    title: t('identity.unknown'),
    lead: [t('identity.unknownText', { identity: named(identity) })],
    parts: [
      { list: { empty: '', rows: rows.map((row) => ({ ...row, action: null })) } },
      { heading: t('link.sign-up'), text: t('identity.newText') },
      form({
        ...effort,
        action: `${base}/sign-up`,
        fields: [
          field({ name: 'name', label: t('field.name'), value: name, autocomplete: 'name' }),
          field({ name: 'address', label: t('field.address'), type: 'email', value: address, autocomplete: 'email' }),
          ...effort.fields,
        ],
        button: t('sign-up.button'),
      }),
    ],
  }
}

function linkPage({ base }: AccountDeps, { visitor, known }: SignedIn, identity: ProvenIdentity): AccountPage {
  const { t } = visitor
  const values = { identity: named(identity), provider: identity.providerLabel, address: known.person.address }
  return {
    ...EMPTY,
    title: t('identity.link', values),
    lead: [t('identity.linkText', values)],
    parts: [form({ action: `${base}${PATH}/link`, fields: [], button: t('identity.linkButton') })],
    also: [{ href: `${base}/account/identities`, text: t('identity.not') }],
  }
}

/** The identity opens another account: which one, and both ways out. */
function conflictPage(
  { base }: AccountDeps,
  { visitor, known }: SignedIn,
  { identity, others }: { identity: ProvenIdentity; others: OpenAccount[] },
): AccountPage {
  const { t } = visitor
  const addresses = others.map(({ person }) => maskAddress(person.address)).join(', ')
  const values = {
    identity: named(identity),
    provider: identity.providerLabel,
    addresses,
    address: known.person.address,
  }
  const password = field({
    name: 'password',
    label: t('identity.password', values),
    type: 'password',
    autocomplete: 'off',
  })
  const which = whichAccount(visitor, others)
  const parts: Part[] = [
    { heading: t('identity.both'), text: t('identity.bothText', values) },
    form({ action: `${base}${PATH}/link`, fields: [], button: t('identity.bothButton') }),
    { heading: t('identity.move'), text: t('identity.moveText', values) },
    form({ action: `${base}${PATH}/move`, fields: [which, password], button: t('identity.moveButton') }),
    form({ action: `${base}${PATH}/move/mail`, fields: [which], button: t('identity.mailButton', values) }),
  ]
  const also = [{ href: `${base}/account/identities`, text: t('identity.not') }]
  return { ...EMPTY, title: t('identity.taken'), lead: [t('identity.takenText', values)], parts, also }
}

function whichAccount({ t }: Visitor, others: OpenAccount[]) {
  const [first] = others
  if (others.length < 2) return field({ name: 'id', label: '', type: 'hidden', value: first?.person.id ?? '' })
  const options = others.map(({ person }) => ({
    value: person.id,
    label: maskAddress(person.address),
    checked: person === first?.person,
    met: false,
    rule: '',
    number: '',
  }))
  return field({ name: 'id', label: t('identity.which'), type: 'radio', options })
}

async function link(deps: AccountDeps, { visitor, session }: SignedIn, { form: sent }: Sent): Promise<Answer> {
  if (!readFields(sent, {})) return rejected(visitor)
  const linked = await linkIdentity(deps.ctx, session, visitor.cookie('identity'), visitor.visit)
  visitor.drop('identity')
  return linked === 'linked' ? { to: '/account/identities' } : failurePage(deps, visitor, 'over', null)
}

async function move(deps: AccountDeps, { visitor, session }: SignedIn, sent: Sent): Promise<Answer> {
  const fields = readFields(sent.form, { id: ID, password: { most: MOST_PASSWORD, verbatim: true } })
  if (!fields) return rejected(visitor)
  const wish = { token: visitor.cookie('identity'), from: fields.id, password: fields.password }
  const moved = await moveByPassword(deps.ctx, session, wish, visitor.visit)
  switch (moved.kind) {
    case 'moved':
      visitor.drop('identity')
      return { to: '/account/identities' }
    case 'wrong':
    case 'wait':
      return await show(deps, sent, failureText(visitor.t, moved))
    case 'last':
      return await show(deps, sent, visitor.t('identity.lastThere'))
    case 'unproven':
    case 'over':
      return failurePage(deps, visitor, 'over', null)
  }
}

async function mailMove(deps: AccountDeps, { visitor, session }: SignedIn, { form: sent }: Sent): Promise<Answer> {
  const fields = readFields(sent, { id: ID })
  if (!fields) return rejected(visitor)
  const wish = { token: visitor.cookie('identity'), from: fields.id }
  const asked = await mayAsk(deps, visitor, { effort: 'proof', personId: session.personId })
  if (!asked.may) return tooMuchAsked(visitor, asked)
  const { visit } = visitor
  deps.later('a move of an identity', async () => await askToMove(deps.ctx, session, wish, visit))
  visitor.drop('identity')
  return checkEmail(deps, visitor)
}
