import type { FastifyInstance } from 'fastify'
import { type AddressChange, askNewAddress, changeAddress, undoAddressChange } from '../../accounts/change-address.ts'
import { openLink } from '../../accounts/links.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { provenIn } from './confirm.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { mayAsk, tooMuchAsked } from './limits.ts'
import { looksLikeAddress } from './looks-like-address.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY, rejected } from './pages.ts'
import { linkOver } from './set-password.ts'
import { checkEmail } from './sign-up.ts'
import type { Visitor } from './visitor.ts'

const PATH = '/account/address'

/** Changing one's address: asked for here, confirmed by a link at the new one, taken back by a link at the old one. */
export function changeAddressPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, PATH, {
    get: async (asked) =>
      await provenIn(deps, asked, PATH, async ({ visitor }) => ({ page: askPage(visitor, '', false) })),
    post: async (sent) =>
      await provenIn(deps, sent, PATH, async ({ visitor, session }) => {
        const fields = readFields(sent.form, { address: { most: 320 } })
        if (!fields) return rejected(visitor)
        if (!looksLikeAddress(fields.address)) return { status: 422, page: askPage(visitor, fields.address, true) }
        const asked = await mayAsk(deps, visitor, { effort: 'proof', personId: session.personId })
        if (!asked.may) return tooMuchAsked(visitor, asked)
        const { visit } = visitor
        deps.later('a change of address', async () => {
          await askNewAddress(deps.ctx, session, fields.address, visit)
        })
        return checkEmail(deps, visitor)
      }),
  })
  linkPage(
    part,
    deps,
    '/address/:token',
    'change-address',
    async (token, visit) => await changeAddress(deps.ctx, token, visit),
  )
  linkPage(
    part,
    deps,
    '/undo/:token',
    'undo-address',
    async (token, visit) => await undoAddressChange(deps.ctx, token, visit),
  )
}

type Use = (token: string | undefined, visit: Visitor['visit']) => Promise<AddressChange>

function linkPage(
  part: FastifyInstance,
  deps: AccountDeps,
  path: string,
  purpose: 'change-address' | 'undo-address',
  use: Use,
): void {
  accountPage(part, deps, path, {
    get: async (asked) => await showLink(deps, asked, purpose),
    post: async ({ visitor, params }) => {
      const done = await use(params.token, visitor.visit)
      if (done.kind === 'link') return linkOver(deps, visitor, done.state, params.token ?? '')
      const { t } = visitor
      if (done.kind === 'taken')
        return { status: 409, page: { ...EMPTY, title: t('address.title'), lead: [t('address.taken')] } }
      const lead = [t(purpose === 'undo-address' ? 'undo.done' : 'address.done', { address: done.address })]
      const also = [{ href: `${deps.base}/sign-in`, text: t('link.sign-in') }]
      return { page: { ...EMPTY, title: t('address.doneTitle'), lead, also } }
    },
  })
}

async function showLink(
  deps: AccountDeps,
  { visitor, params }: Asked,
  purpose: 'change-address' | 'undo-address',
): Promise<Answer> {
  const link = await openLink(deps.ctx.store.db, deps.ctx, [purpose], params.token)
  if (link?.state !== 'open') return linkOver(deps, visitor, link?.state ?? 'unknown', '')
  const { t } = visitor
  const kind = purpose === 'undo-address' ? 'undo' : 'address'
  const parts = [form({ fields: [], button: t(`${kind}.button`) })]
  return { page: { ...EMPTY, title: t(`${kind}.title`), lead: [t(`${kind}.text`, { address: link.address })], parts } }
}

function askPage({ t }: Visitor, address: string, tried: boolean): AccountPage {
  return {
    ...EMPTY,
    title: t('change-address.title'),
    lead: [t('change-address.text')],
    parts: [
      form({
        fields: [
          field({
            name: 'address',
            label: t('change-address.new'),
            type: 'email',
            value: address,
            autocomplete: 'email',
            error: tried ? t('field.address.wrong') : '',
          }),
        ],
        button: t('change-address.button'),
      }),
    ],
  }
}
