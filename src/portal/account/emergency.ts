import type { FastifyInstance } from 'fastify'
import { confirmEmergencyCode } from '../../accounts/emergency.ts'
import { type FactorOn, renewEmergencyCode } from '../../accounts/factors.ts'
import { provenIn } from './confirm.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { type AccountDeps, type Answer, accountPage, EMPTY, rejected } from './pages.ts'
import { renewForms } from './renew-forms.ts'
import { returnPath } from './return-to.ts'
import { signedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

const OVERVIEW = '/account/second'
const PATH = '/account/second/emergency'

/** The emergency code: made anew by a button, shown once, and confirmed to be kept. */
export function emergencyPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, PATH, {
    get: async () => ({ to: OVERVIEW }),
    post: async (sent) =>
      await provenIn(deps, sent, OVERVIEW, async ({ visitor, session }) => {
        const code = await renewEmergencyCode(deps.ctx, session, visitor.visit)
        return code === null ? { to: OVERVIEW } : codePage(deps, visitor, { code, used: false, to: OVERVIEW })
      }),
  })
  accountPage(part, deps, `${PATH}/saved`, {
    get: async () => ({ to: OVERVIEW }),
    post: async (sent) =>
      await signedIn(sent, OVERVIEW, async ({ visitor, session }) => {
        const fields = readFields(sent.form, { to: { most: 500 } })
        if (!fields) return rejected(visitor)
        await deps.ctx.store.transaction(async (tx) => await confirmEmergencyCode(tx, deps.ctx, session.personId))
        return { to: returnPath(fields.to) }
      }),
  })
}

/** What comes when a factor was turned on: the emergency code where there is a new one, else the way on. */
export async function turnedOn(
  deps: AccountDeps,
  visitor: Visitor,
  { entered, emergencyCode }: FactorOn & { kind: 'on' },
  to: string,
): Promise<Answer> {
  if (entered) {
    await visitor.become(entered)
    renewForms(deps, visitor)
  }
  return emergencyCode === null ? { to } : codePage(deps, visitor, { code: emergencyCode, used: false, to })
}

/** Shows a code, once. `used`: it takes the place of one that has just let somebody in. */
export function codePage(
  { base }: Pick<AccountDeps, 'base'>,
  { t }: Visitor,
  { code, used, to }: { code: string; used: boolean; to: string },
): Answer {
  const saved = form({
    action: `${base}${PATH}/saved`,
    fields: [field({ name: 'to', label: '', type: 'hidden', value: to })],
    button: t('emergency.saved'),
  })
  const page = {
    ...EMPTY,
    title: t('emergency.title'),
    lead: [...(used ? [t('emergency.used')] : []), t('emergency.text')],
    parts: [{ code }, saved],
  }
  return { page }
}
