import { passkeyPlace } from '../../accounts/passkey-challenge.ts'
import type { FieldView, Part } from '../../render/account-pages.ts'
import { field, form } from './fields.ts'
import type { AccountDeps } from './pages.ts'
import type { Visitor } from './visitor.ts'

/** Whether browsers know passkeys where these pages are. */
export function havePasskeys({ ctx }: Pick<AccountDeps, 'ctx'>): boolean {
  return passkeyPlace(ctx.policy.portalUrl) !== null
}

/** A button to come in, or to prove oneself anew, by a passkey; nothing where there can be none. Without script it leads to a page that says what is needed. */
export function passkeyButton(deps: Pick<AccountDeps, 'base' | 'ctx'>, visitor: Visitor, to: string): Part[] {
  if (!havePasskeys(deps)) return []
  const { base } = deps
  return [
    form({
      action: `${base}/sign-in/passkey`,
      fields: [field({ name: 'to', label: '', type: 'hidden', value: to })],
      // Whoever is in, or half-way in, only shows that it is them.
      button: visitor.t(visitor.session ? 'passkeys.use' : 'passkeys.enter'),
      script: 'passkey-enter',
      data: scriptData(visitor, `${base}/passkeys/ask`, `${base}/passkeys/enter`),
    }),
  ]
}

/** The form that adds a passkey. */
export function newPasskeyForm({ base }: Pick<AccountDeps, 'base'>, visitor: Visitor): Part {
  return form({
    action: `${base}/account/passkeys`,
    fields: [nameField(visitor, visitor.visit.device)],
    button: visitor.t('passkeys.add'),
    script: 'passkey-add',
    data: scriptData(visitor, `${base}/passkeys/begin`, `${base}/passkeys/add`),
  })
}

export function nameField({ t }: Visitor, value: string): FieldView {
  return field({ name: 'name', label: t('passkeys.name'), value, hint: t('passkeys.nameHint'), autocomplete: 'off' })
}

/** What templates/assets/passkeys.js needs: where to ask, where to answer, and words for what goes wrong in the browser. */
function scriptData({ t }: Visitor, ask: string, answer: string): string {
  const words = {
    unable: t('passkeys.unable'),
    cancelled: t('passkeys.cancelled'),
    exists: t('passkeys.exists'),
    failed: t('passkeys.failed'),
  }
  return JSON.stringify({ ask, answer, words })
}
