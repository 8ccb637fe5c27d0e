import type { FastifyInstance } from 'fastify'
import { form } from './fields.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY } from './pages.ts'
import { BEFORE_ALL, IN_ACCOUNT, pathIn } from './set-up-place.ts'
import { smsPages } from './sms.ts'
import { totpPages } from './totp.ts'

/** Setting up second factors, in the account and before anything else. */
export function secondSetUpPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, BEFORE_ALL.path, {
    get: async (asked) => await BEFORE_ALL.guard(deps, asked, BEFORE_ALL.path, async () => choice(deps, asked)),
  })
  for (const place of [IN_ACCOUNT, BEFORE_ALL]) {
    totpPages(part, deps, place)
    smsPages(part, deps, place)
  }
}

function choice({ base, ctx, address }: AccountDeps, asked: Asked): Answer {
  const { t } = asked.visitor
  const begin = `${base}${pathIn(BEFORE_ALL, '/totp/begin', asked)}`
  const sms = { title: t('set-up.sms'), href: `${base}${pathIn(BEFORE_ALL, '/sms', asked)}`, facts: '', action: null }
  const page = {
    ...EMPTY,
    title: t('set-up.title'),
    lead: [t('set-up.text')],
    parts: [
      form({ action: begin, fields: [], button: t('set-up.totp') }),
      ...(ctx.sms ? [{ list: { empty: '', rows: [sms] } }] : []),
      { heading: t('second.helpTitle'), text: t('second.help', { address }) },
    ],
    also: [{ href: `${base}/sign-in`, text: t('sign-in.other') }],
  }
  return { page }
}
