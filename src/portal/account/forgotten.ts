import type { FastifyInstance } from 'fastify'
import { askWayBack, type WayBack } from '../../accounts/sign-up.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { EFFORT_FIELDS, effortPart } from './altcha.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { type Alert, mayAskWith } from './limits.ts'
import { looksLikeAddress } from './looks-like-address.ts'
import { type AccountDeps, accountPage, EMPTY, rejected } from './pages.ts'
import type { Visitor } from './visitor.ts'

const FIELDS = { address: { most: 320 }, way: { most: 10 }, ...EFFORT_FIELDS }

/** A way back in for whoever has lost their password: the same answer for everybody. */
export function forgottenPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/forgotten', {
    get: async ({ visitor }) => ({
      page: await forgottenPage(deps, visitor, { address: visitor.cookie('address') ?? '', way: 'reset' }),
    }),
    post: async ({ visitor, form: sent }) => {
      const fields = readFields(sent, FIELDS)
      if (!fields || (fields.way !== 'reset' && fields.way !== 'link')) return rejected(visitor)
      const { address, way } = fields
      const again = async (status: number, said: Partial<Said>) => ({
        status,
        page: await forgottenPage(deps, visitor, { address, way, ...said }),
      })
      if (!looksLikeAddress(address)) return await again(422, { tried: true })
      const asked = await mayAskWith(deps, visitor, fields)
      if (!asked.may) return await again(asked.status, { alerts: asked.alerts })
      const wish = { address, way, language: visitor.language } as const
      deps.later('a way back in', async () => await askWayBack(deps.ctx, wish, visitor.visit))
      return { to: '/check-email' }
    },
  })
}

interface Said {
  address: string
  way: WayBack
  tried?: boolean
  alerts?: Alert[]
}

async function forgottenPage(deps: AccountDeps, visitor: Visitor, said: Said): Promise<AccountPage> {
  const { t } = visitor
  const { address, way, tried = false, alerts = [] } = said
  const effort = await effortPart(deps, visitor)
  const option = (value: WayBack) => ({
    value,
    label: t(`forgotten.${value}`),
    checked: value === way,
    met: false,
    rule: '',
    number: '',
  })
  const own = [
    field({
      name: 'address',
      label: t('field.address'),
      type: 'email',
      value: address,
      autocomplete: 'username',
      error: tried ? t('field.address.wrong') : '',
    }),
    field({
      name: 'way',
      label: t('forgotten.way'),
      type: 'radio',
      options: [option('reset'), option('link')],
    }),
  ]
  return {
    ...EMPTY,
    title: t('forgotten.title'),
    lead: [t('forgotten.text')],
    alerts,
    parts: [form({ ...effort, fields: [...own, ...effort.fields], button: t('forgotten.button') })],
    also: [{ href: `${deps.base}/sign-in`, text: t('link.sign-in') }],
  }
}
