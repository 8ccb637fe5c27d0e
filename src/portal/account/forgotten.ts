import type { FastifyInstance } from 'fastify'
import { askWayBack } from '../../accounts/sign-up.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { looksLikeAddress } from './looks-like-address.ts'
import { type AccountDeps, accountPage, EMPTY, rejected } from './pages.ts'
import type { Visitor } from './visitor.ts'

const FIELDS = { address: { most: 320 }, way: { most: 10 } }

/** A way back in for whoever has lost their password: the same answer for everybody. */
export function forgottenPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/forgotten', {
    get: async ({ visitor }) => ({ page: forgottenPage(deps, visitor, visitor.cookie('address') ?? '', false) }),
    post: async ({ visitor, form: sent }) => {
      const fields = readFields(sent, FIELDS)
      if (!fields || (fields.way !== 'reset' && fields.way !== 'link')) return rejected(visitor)
      if (!looksLikeAddress(fields.address))
        return { status: 422, page: forgottenPage(deps, visitor, fields.address, true) }
      const wish = { address: fields.address, way: fields.way, language: visitor.language } as const
      deps.later('a way back in', async () => await askWayBack(deps.ctx, wish, visitor.visit))
      return { to: '/check-email' }
    },
  })
}

function forgottenPage({ base }: AccountDeps, { t }: Visitor, address: string, tried: boolean) {
  const option = (value: string, checked: boolean) => ({
    value,
    label: t(`forgotten.${value}`),
    checked,
    met: false,
    rule: '',
    number: '',
  })
  return {
    ...EMPTY,
    title: t('forgotten.title'),
    lead: [t('forgotten.text')],
    parts: [
      form({
        fields: [
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
            options: [option('reset', true), option('link', false)],
          }),
        ],
        button: t('forgotten.button'),
      }),
    ],
    also: [{ href: `${base}/sign-in`, text: t('link.sign-in') }],
  }
}
