import type { FastifyInstance } from 'fastify'
import { passkeysOf } from '../../accounts/passkeys.ts'
import { isProven } from '../../accounts/sessions.ts'
import { proveAgain } from '../../accounts/sign-in.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY, rejected } from './pages.ts'
import { passkeyButton } from './passkey-form.ts'
import { MOST_PASSWORD } from './password-fields.ts'
import { returnPath, withReturn } from './return-to.ts'
import { failureText } from './sign-in.ts'
import { type SignedIn, signedIn } from './signed-in.ts'

/** Runs a page for whoever has proven themselves lately; others type their password again first, and come back. */
export async function provenIn<A extends Asked>(
  deps: AccountDeps,
  asked: A,
  path: string,
  page: (who: SignedIn, asked: A) => Promise<Answer>,
): Promise<Answer> {
  return await signedIn(asked, path, async (who, it) =>
    isProven(deps.ctx, who.session) ? await page(who, it) : { to: withReturn('/account/confirm', path) },
  )
}

/** Where somebody types their password again. */
export function confirmPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/account/confirm', {
    get: async (asked) =>
      await signedIn(asked, '/account', async (who) => ({
        page: await confirmPage(deps, who, returnPath(asked.query.get('to')), null),
      })),
    post: async (sent) =>
      await signedIn(sent, '/account', async (who) => {
        const { visitor, session, known } = who
        const fields = readFields(sent.form, { password: { most: MOST_PASSWORD, verbatim: true }, to: { most: 500 } })
        if (!fields) return rejected(visitor)
        const to = returnPath(fields.to)
        const proven = await proveAgain(deps.ctx, session, known.person.address, fields.password, visitor.visit)
        if (proven.kind !== 'in') return { status: 422, page: await confirmPage(deps, who, to, proven) }
        visitor.set('session', proven.token)
        return { to }
      }),
  })
}

async function confirmPage(
  deps: AccountDeps,
  { visitor, known }: SignedIn,
  to: string,
  failed: { kind: 'wrong' | 'wait'; wait: number } | null,
): Promise<AccountPage> {
  const { t } = visitor
  const passkeys = await passkeysOf(deps.ctx.store.db, known.person.id)
  return {
    ...EMPTY,
    title: t('confirm.title'),
    lead: [t('confirm.text')],
    alerts: failed ? [{ tone: 'error', text: failureText(t, failed) }] : [],
    parts: [
      form({
        fields: [
          field({ name: 'to', label: '', type: 'hidden', value: to }),
          field({ name: 'password', label: t('field.password'), type: 'password', autocomplete: 'current-password' }),
        ],
        button: t('confirm.button'),
      }),
      ...(passkeys.length > 0 ? passkeyButton(deps, visitor, to) : []),
    ],
  }
}
