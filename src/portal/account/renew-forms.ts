import { csrfToken } from './csrf.ts'
import type { AccountDeps } from './pages.ts'
import type { Visitor } from './visitor.ts'

/** For a page with a form that is the answer to a sign-in: the browser's old forms are worth nothing any more, this one is. */
export function renewForms({ ctx }: Pick<AccountDeps, 'ctx'>, visitor: Visitor): void {
  const made = ctx.world.secret(32).toString('base64url')
  visitor.set('visitor', made)
  visitor.csrf = csrfToken(ctx.policy.secrets, made)
}
