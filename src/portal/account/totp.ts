import type { FastifyInstance } from 'fastify'
import { toString as drawCode } from 'qrcode'
import { turnOnFactor } from '../../accounts/factors.ts'
import { beginTotp, pendingTotp, type TotpSetup } from '../../accounts/totp.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { turnedOn } from './emergency.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { type AccountDeps, type Answer, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import { pathIn, type SetUpPlace } from './set-up-place.ts'
import type { SignedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

/** Setting up a code app: a picture to scan or a key to type, and a first code to turn it on by. */
export function totpPages(part: FastifyInstance, deps: AccountDeps, place: SetUpPlace): void {
  const path = `${place.path}/totp`
  accountPage(part, deps, `${path}/begin`, {
    get: async (asked) => ({ to: pathIn(place, '', asked) }),
    post: async (sent) =>
      await place.guard(deps, sent, place.path, async ({ session }) => {
        await deps.ctx.store.transaction(async (tx) => await beginTotp(tx, deps.ctx, session))
        return { to: pathIn(place, '/totp', sent) }
      }),
  })
  accountPage(part, deps, path, {
    get: async (asked) =>
      await place.guard(deps, asked, path, async (who) => {
        const setup = await setupOf(deps, who)
        return setup ? { page: await setUpPage(who.visitor, setup, false) } : { to: pathIn(place, '', asked) }
      }),
    post: async (sent) => await place.guard(deps, sent, path, async (who) => await confirm(deps, who, sent, place)),
  })
}

async function setupOf({ ctx, brand }: AccountDeps, { session, known }: SignedIn): Promise<TotpSetup | null> {
  return await pendingTotp(ctx.store.db, ctx, session, { address: known.person.address, issuer: brand })
}

async function confirm(deps: AccountDeps, who: SignedIn, sent: Sent, place: SetUpPlace): Promise<Answer> {
  const { visitor, session } = who
  const fields = readFields(sent.form, { code: { most: 20 } })
  if (!fields) return rejected(visitor)
  const on = await turnOnFactor(deps.ctx, session, { factor: 'totp', code: fields.code }, visitor.visit)
  if (on.kind === 'on') return await turnedOn(deps, visitor, on, place.after(sent))
  const setup = on.kind === 'wrong' ? await setupOf(deps, who) : null
  return setup ? { status: 422, page: await setUpPage(visitor, setup, true) } : { to: pathIn(place, '', sent) }
}

async function setUpPage({ t }: Visitor, { uri, typed }: TotpSetup, tried: boolean): Promise<AccountPage> {
  // ISO/IEC 18004 wants four light modules around; the frame on the page is the other two.
  const svg = await drawCode(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
  return {
    ...EMPTY,
    title: t('totp.title'),
    lead: [t('totp.text')],
    parts: [
      { picture: { svg, label: t('totp.picture') } },
      { heading: t('totp.typed'), text: t('totp.typedText') },
      { code: typed },
      { heading: t('totp.confirm'), text: t('totp.confirmText') },
      form({
        fields: [
          field({
            name: 'code',
            label: t('second.code'),
            type: 'code',
            autocomplete: 'one-time-code',
            error: tried ? t('second.wrong') : '',
          }),
        ],
        button: t('totp.button'),
      }),
    ],
  }
}
