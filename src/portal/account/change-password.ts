import type { FastifyInstance } from 'fastify'
import { needsSecond } from '../../accounts/enter.ts'
import { judgePassword, type RuleResult } from '../../accounts/password-rules.ts'
import { changePassword } from '../../accounts/set-password.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { provenIn } from './confirm.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { type AccountDeps, accountPage, EMPTY, rejected } from './pages.ts'
import { MOST_PASSWORD, newPasswordFields } from './password-fields.ts'
import type { SignedIn } from './signed-in.ts'

const PATH = '/account/password'

/** Changing one's password: all other sessions end, and a mail says so. */
export function changePasswordPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, PATH, {
    get: async (asked) =>
      await provenIn(deps, asked, PATH, async (who) => ({ page: page(who, await rulesOf(deps, who), false) })),
    post: async (sent) =>
      await provenIn(deps, sent, PATH, async (who) => {
        const fields = readFields(sent.form, {
          password: { most: MOST_PASSWORD, verbatim: true },
          address: { most: 320, optional: true },
        })
        if (!fields) return rejected(who.visitor)
        const changed = await changePassword(deps.ctx, who.session, fields.password, who.visitor.visit)
        if (changed.kind === 'weak') return { status: 422, page: page(who, changed.rules, true) }
        return { to: '/account' }
      }),
  })
}

async function rulesOf(deps: AccountDeps, { known }: SignedIn): Promise<RuleResult[]> {
  const { person, account } = known
  const second = account ? await needsSecond(deps.ctx.store.db, deps.ctx, { person, account }) : false
  return judgePassword(deps.ctx.policy.passwords, '', { address: person.address, second })
}

function page({ visitor, known }: SignedIn, rules: RuleResult[], tried: boolean): AccountPage {
  const { t } = visitor
  return {
    ...EMPTY,
    title: t('change-password.title'),
    lead: [t('change-password.text')],
    parts: [
      form({
        fields: [
          field({ name: 'address', label: '', type: 'hidden', value: known.person.address, autocomplete: 'username' }),
          ...newPasswordFields(visitor, rules, tried),
        ],
        button: t('change-password.button'),
        script: 'rules',
        data: known.person.address,
      }),
    ],
  }
}
