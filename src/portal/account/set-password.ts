import type { FastifyInstance } from 'fastify'
import { type OpenedLink, openLink } from '../../accounts/links.ts'
import type { RuleResult } from '../../accounts/password-rules.ts'
import { resendLink } from '../../accounts/resend-link.ts'
import { PASSWORD_LINKS, rulesFor, setPasswordByLink } from '../../accounts/set-password.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { pathAfterMail } from './identity-visit.ts'
import { mayAsk, tooMuchAsked } from './limits.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import { MOST_PASSWORD, newPasswordFields } from './password-fields.ts'
import { stepInto } from './step-into.ts'
import type { Visitor } from './visitor.ts'

const FIELDS = {
  name: { most: 200, optional: true },
  password: { most: MOST_PASSWORD, verbatim: true },
  address: { most: 320, optional: true },
}

/** Where a link leads that a password is set by. Looking spends nothing, for mail scanners follow links. */
export function setPasswordPages(part: FastifyInstance, deps: AccountDeps): void {
  for (const path of ['/activate/:token', '/reset/:token'])
    accountPage(part, deps, path, {
      get: async (asked) => await show(deps, asked),
      post: async (sent) => await save(deps, sent),
    })
  accountPage(part, deps, '/new-link/:token', {
    post: async ({ visitor, params }) => {
      const asked = await mayAsk(deps, visitor, { effort: 'question' })
      if (!asked.may) return tooMuchAsked(visitor, asked)
      deps.later('a new link', async () => await resendLink(deps.ctx, params.token))
      return { to: '/check-email' }
    },
  })
}

async function show(deps: AccountDeps, { visitor, params }: Asked): Promise<Answer> {
  const link = await openLink(deps.ctx.store.db, deps.ctx, PASSWORD_LINKS, params.token)
  if (link?.state !== 'open') return linkOver(deps, visitor, link?.state ?? 'unknown', params.token ?? '')
  return { page: passwordPage(visitor, link, await rulesFor(deps.ctx, link, ''), null) }
}

async function save(deps: AccountDeps, { visitor, params, form: sent }: Sent): Promise<Answer> {
  const fields = readFields(sent, FIELDS)
  if (!fields) return rejected(visitor)
  const name = fields.name === '' ? null : fields.name
  const wish = { token: params.token, password: fields.password, name, deviceToken: visitor.cookie('device') }
  const set = await setPasswordByLink(deps.ctx, wish, visitor.visit)
  if (set.kind === 'in') return stepInto(visitor, set, await pathAfterMail(deps, visitor))
  if (set.kind === 'link') return linkOver(deps, visitor, set.state, params.token ?? '')
  const link = await openLink(deps.ctx.store.db, deps.ctx, PASSWORD_LINKS, params.token)
  if (!link) return linkOver(deps, visitor, 'unknown', '')
  return { status: 422, page: passwordPage(visitor, link, set.rules, fields.name) }
}

function passwordPage(visitor: Visitor, link: OpenedLink, rules: RuleResult[], tried: string | null) {
  const { t } = visitor
  const isNew = link.purpose !== 'reset-password'
  const name = tried ?? link.data.name ?? ''
  return {
    ...EMPTY,
    title: t(isNew ? 'activate.title' : 'reset.title'),
    lead: [t(isNew ? 'activate.text' : 'reset.text', { address: link.address })],
    parts: [
      form({
        fields: [
          ...(isNew ? [field({ name: 'name', label: t('field.name'), value: name, autocomplete: 'name' })] : []),
          // Password managers keep the password under this.
          field({ name: 'address', label: '', type: 'hidden', value: link.address, autocomplete: 'username' }),
          ...newPasswordFields(visitor, rules, tried !== null),
        ],
        button: t(isNew ? 'activate.button' : 'reset.button'),
        script: 'rules',
        data: link.address,
      }),
    ],
  }
}

/** A link that does not work (any more): why, and a new one by a button. */
export function linkOver(
  { base }: AccountDeps,
  { t }: Visitor,
  state: 'expired' | 'spent' | 'unknown',
  token: string,
): Answer {
  const again = form({
    action: `${base}/new-link/${encodeURIComponent(token)}`,
    fields: [],
    button: t('link-over.button'),
  })
  const page = {
    ...EMPTY,
    title: t('link-over.title'),
    lead: [t(`link-over.${state}`)],
    parts: state === 'unknown' ? [] : [again],
    also: [
      { href: `${base}/sign-in`, text: t('link.sign-in') },
      { href: `${base}/forgotten`, text: t('link.forgotten') },
    ],
  }
  return { status: state === 'unknown' ? 404 : 410, page }
}
