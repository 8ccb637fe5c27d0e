import type { FastifyInstance } from 'fastify'
import { countDevices, forgetDevices } from '../../accounts/devices.ts'
import { type OwnFactor, turnOffFactor } from '../../accounts/factors.ts'
import { maskNumber } from '../../accounts/sms.ts'
import type { AccountPage, ListView, Part } from '../../render/account-pages.ts'
import { type FactorRow, listFactors } from '../../store/accounts/factors.ts'
import { provenIn } from './confirm.ts'
import { form } from './fields.ts'
import { readFields } from './form-body.ts'
import { moment } from './moment.ts'
import { type AccountDeps, type Answer, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import type { SignedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

const PATH = '/account/second'
const ID = { id: { most: 20 } }

/** Somebody's second factors: what is on, and what can be done about it. */
export function factorPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, PATH, {
    get: async (asked) => await provenIn(deps, asked, PATH, async (who) => ({ page: await overview(deps, who, '') })),
  })
  accountPage(part, deps, `${PATH}/off`, {
    get: async () => ({ to: PATH }),
    post: async (sent) => await provenIn(deps, sent, PATH, async (who) => await turnOff(deps, who, sent)),
  })
  accountPage(part, deps, `${PATH}/devices`, {
    get: async () => ({ to: PATH }),
    post: async (sent) =>
      await provenIn(deps, sent, PATH, async ({ visitor, session }) => {
        if (!readFields(sent.form, ID)) return rejected(visitor)
        const { personId } = session
        await deps.ctx.store.transaction(async (tx) => await forgetDevices(tx, deps.ctx, personId, visitor.visit))
        return { to: PATH }
      }),
  })
}

async function turnOff(deps: AccountDeps, who: SignedIn, { form: sent }: Sent): Promise<Answer> {
  const { visitor, session } = who
  const factor = readFields(sent, ID)?.id
  if (!isOwn(factor)) return rejected(visitor)
  const off = await turnOffFactor(deps.ctx, session, factor, visitor.visit)
  if (off !== 'needed') return { to: PATH }
  return { status: 409, page: await overview(deps, who, visitor.t('factors.needed')) }
}

function isOwn(text: string | undefined): text is OwnFactor {
  return text === 'totp' || text === 'sms'
}

async function overview(deps: AccountDeps, { visitor, session }: SignedIn, problem: string): Promise<AccountPage> {
  const { base, ctx } = deps
  const { t } = visitor
  const factors = (await listFactors(ctx.store.db, session.personId)).filter(
    (it) => it.kind === 'emergency' || it.confirmed_at !== null,
  )
  const own = factors.filter((it) => it.kind !== 'emergency')
  const has = (kind: OwnFactor) => own.some((it) => it.kind === kind)
  const rows = own.map((it) => factorRow(deps, visitor, it))
  const sms = { href: `${base}${PATH}/sms`, text: t(has('sms') ? 'set-up.smsAgain' : 'set-up.sms') }
  const begin = form({
    action: `${base}${PATH}/totp/begin`,
    fields: [],
    button: t(has('totp') ? 'set-up.totpAgain' : 'set-up.totp'),
  })
  return {
    ...EMPTY,
    title: t('link.second'),
    lead: [t('factors.text')],
    alerts: problem === '' ? [] : [{ tone: 'error', text: problem }],
    parts: [
      { list: { empty: t('factors.none'), rows } },
      ...(own.length > 0 ? [await besides(deps, visitor, session.personId, factors)] : []),
      begin,
    ],
    also: [...(ctx.sms ? [sms] : []), { href: `${base}/account`, text: t('nav.account') }],
  }
}

type Row = ListView['rows'][number]

function factorRow({ base, timeZone }: AccountDeps, { t, language }: Visitor, row: FactorRow): Row {
  const date = moment(row.created_at, language, timeZone)
  return {
    title: row.kind === 'sms' ? t('factors.sms', { number: maskNumber(row.secret) }) : t('factors.totp'),
    href: '',
    facts: t('factors.since', { date }),
    action: { href: `${base}${PATH}/off`, label: t('factors.off'), value: row.kind },
  }
}

/** What comes with factors: the emergency code, and devices that need none. */
async function besides(
  deps: AccountDeps,
  { t, language }: Visitor,
  personId: string,
  factors: readonly FactorRow[],
): Promise<Part> {
  const { base, timeZone } = deps
  const code = factors.find((it) => it.kind === 'emergency')
  const date = code ? moment(code.created_at, language, timeZone) : ''
  const state = code ? (code.confirmed_at === null ? 'Unsaved' : 'Saved') : 'None'
  const devices = await countDevices(deps.ctx, personId)
  const emergency = {
    title: t('factors.emergency'),
    href: '',
    facts: t(`factors.emergency${state}`, { date }),
    action: { href: `${base}${PATH}/emergency`, label: t('factors.renew'), value: 'emergency' },
  }
  const remembered = {
    title: t('factors.devices'),
    href: '',
    facts: String(devices),
    action: { href: `${base}${PATH}/devices`, label: t('factors.forget'), value: 'all' },
  }
  return { list: { empty: '', rows: [emergency, ...(devices > 0 ? [remembered] : [])] } }
}
