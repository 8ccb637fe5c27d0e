import type { FastifyInstance } from 'fastify'
import { record } from '../../accounts/record.ts'
import { endSession, endSessions, type Session, sessionsOf } from '../../accounts/sessions.ts'
import type { AccountPage, ListView, Part } from '../../render/account-pages.ts'
import { listSecurityLog, type SecurityLogRow } from '../../store/accounts/security-log.ts'
import { form } from './fields.ts'
import { readFields } from './form-body.ts'
import { identitiesLink } from './identities.ts'
import { moment } from './moment.ts'
import { type AccountDeps, type Answer, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import { type SignedIn, signedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

const LOG_LINES = 50

/** Somebody's account: what they sign in with, where they are signed in, and what has happened. */
export function accountPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/account', {
    get: async (asked) => await signedIn(asked, '/account', async (who) => ({ page: await overview(deps, who) })),
  })
  accountPage(part, deps, '/account/sessions/end', {
    post: async (sent) => await signedIn(sent, '/account', async (who, it) => await endOne(deps, who, it)),
  })
  accountPage(part, deps, '/account/sessions/end-all', {
    post: async (sent) => await signedIn(sent, '/account', async (who) => await endAll(deps, who)),
  })
}

async function overview(deps: AccountDeps, { visitor, session, known }: SignedIn): Promise<AccountPage> {
  const { t } = visitor
  const { person } = known
  const parts: Part[] = [
    {
      facts: [
        { name: t('field.name'), value: person.name },
        { name: t('field.address'), value: person.address },
      ],
    },
    { list: { empty: '', rows: choices(deps, visitor) } },
    ...(await sessionParts(deps, visitor, session)),
    { heading: t('security.title'), text: t('security.text') },
    { list: { empty: '', rows: (await logOf(deps, person.id)).map((row) => logLine(deps, visitor, row)) } },
  ]
  return { ...EMPTY, title: t('account.title'), parts }
}

/** What somebody can change about their account. */
function choices(deps: AccountDeps, visitor: Visitor): ListView['rows'] {
  const { t } = visitor
  const links = [
    { href: `${deps.base}/account/password`, text: t('link.password') },
    { href: `${deps.base}/account/passkeys`, text: t('passkeys.title') },
    { href: `${deps.base}/account/second`, text: t('link.second') },
    ...identitiesLink(deps, visitor),
    { href: `${deps.base}/account/address`, text: t('link.address') },
  ]
  return links.map(({ href, text }) => ({ title: text, href, facts: '', action: null }))
}

async function sessionParts(deps: AccountDeps, { t, language }: Visitor, own: Session): Promise<Part[]> {
  const sessions = (await sessionsOf(deps.ctx, own.personId)).filter(({ stage }) => stage === 'full')
  const rows = sessions.map(({ id, device, network, seenAt }) => ({
    title: id === own.id ? t('sessions.this', { device }) : device || t('sessions.unknown'),
    href: '',
    facts: `${network} · ${moment(seenAt, language, deps.timeZone)}`,
    action: id === own.id ? null : { href: `${deps.base}/account/sessions/end`, label: t('sessions.end'), value: id },
  }))
  const everywhere = form({
    action: `${deps.base}/account/sessions/end-all`,
    fields: [],
    button: t('sessions.endAll'),
    grave: true,
  })
  return [
    { heading: t('sessions.title'), text: t('sessions.text') },
    { list: { empty: '', rows } },
    ...(rows.length > 1 ? [everywhere] : []),
  ]
}

async function logOf(deps: AccountDeps, personId: string): Promise<SecurityLogRow[]> {
  return await listSecurityLog(deps.ctx.store.db, personId, LOG_LINES)
}

function logLine(deps: AccountDeps, { t, language }: Visitor, row: SecurityLogRow) {
  const where = [moment(row.at, language, deps.timeZone), row.device, row.network].filter((it) => it)
  return { title: t(`log.${row.what}`), href: '', facts: where.join(' · '), action: null }
}

async function endOne(deps: AccountDeps, { visitor, session }: SignedIn, { form: sent }: Sent): Promise<Answer> {
  const fields = readFields(sent, { id: { most: 40 } })
  if (!fields) return rejected(visitor)
  await deps.ctx.store.transaction(async (tx) => {
    const ended = await endSession(tx, session.personId, fields.id)
    if (ended) await record(tx, deps.ctx, { personId: session.personId, visit: visitor.visit }, 'session-ended')
  })
  return { to: '/account' }
}

/** All but this one. */
async function endAll(deps: AccountDeps, { visitor, session }: SignedIn): Promise<Answer> {
  await deps.ctx.store.transaction(async (tx) => {
    await endSessions(tx, session.personId, session.id)
    await record(tx, deps.ctx, { personId: session.personId, visit: visitor.visit }, 'signed-out-everywhere')
  })
  return { to: '/account' }
}
