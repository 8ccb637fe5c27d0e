import type { FastifyInstance } from 'fastify'
import { type SecondTaken, type SecondWay, secondWays, takeSecondStep } from '../../accounts/second-step.ts'
import { askCode, sentCode } from '../../accounts/sms.ts'
import { codePage } from './emergency.ts'
import { readFields } from './form-body.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, rejected, type Sent } from './pages.ts'
import { renewForms } from './renew-forms.ts'
import { returnPath, withReturn } from './return-to.ts'
import { appText, codeFormPage, emergencyPage, otherPage, type Second } from './second-views.ts'
import { smsText, statusOf, troubleOf } from './sms.ts'

const FIELDS = { code: { most: 60 }, remember: { most: 3, optional: true } }

/** The second step of signing in, by the first of the ways that somebody has, and by any other. */
export function secondPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, '/second', {
    get: async (asked) =>
      await atSecond(deps, asked, async (it) => {
        if (!it.ways.totp) return { page: otherPage(deps, asked, it, '') }
        return { page: codeFormPage(deps, asked, it, { way: 'totp', lead: appText(deps, asked), error: '' }) }
      }),
    post: async (sent) => await atSecond(deps, sent, async (it) => await take(deps, sent, it, 'totp')),
  })
  accountPage(part, deps, '/second/other', {
    get: async (asked) => await atSecond(deps, asked, async (it) => ({ page: otherPage(deps, asked, it, '') })),
  })
  accountPage(part, deps, '/second/sms/send', {
    get: async (asked) => await atSecond(deps, asked, async ({ to }) => ({ to: withReturn('/second', to) })),
    post: async (sent) => await atSecond(deps, sent, async (it) => await sendSms(deps, sent, it)),
  })
  accountPage(part, deps, '/second/sms', {
    get: async (asked) => await atSecond(deps, asked, async (it) => await smsPage(deps, asked, it, false)),
    post: async (sent) => await atSecond(deps, sent, async (it) => await take(deps, sent, it, 'sms')),
  })
  accountPage(part, deps, '/second/emergency', {
    get: async (asked) => await atSecond(deps, asked, async (it) => ({ page: emergencyPage(deps, asked, it, '') })),
    post: async (sent) => await atSecond(deps, sent, async (it) => await take(deps, sent, it, 'emergency')),
  })
}

/** Runs a page for whoever is at the second step; others are sent to where they are. */
async function atSecond(deps: AccountDeps, asked: Asked, page: (it: Second) => Promise<Answer>): Promise<Answer> {
  const { session, known } = asked.visitor
  const to = returnPath(asked.query.get('to'))
  if (!session || !known) return { to: withReturn('/sign-in', to) }
  if (session.stage === 'full') return { to }
  if (session.stage === 'setup') return { to: withReturn('/second/set-up', to) }
  return await page({ session, to, ways: await secondWays(deps.ctx.store.db, deps.ctx, session.personId) })
}

async function take(deps: AccountDeps, sent: Sent, it: Second, way: SecondWay): Promise<Answer> {
  const { visitor } = sent
  const fields = readFields(sent.form, FIELDS)
  if (!fields) return rejected(visitor)
  const answer = { way, code: fields.code, remember: fields.remember === 'yes' && way !== 'emergency' }
  const taken = await takeSecondStep(deps.ctx, it.session, answer, visitor.visit)
  if (taken.kind !== 'in') return await failed(deps, sent, it, { way, taken })
  await visitor.become(taken)
  if (taken.deviceToken !== null) visitor.set('device', taken.deviceToken)
  if (taken.newCode === null) return { to: it.to }
  renewForms(deps, visitor)
  return codePage(deps, visitor, { code: taken.newCode, used: true, to: it.to })
}

async function failed(
  deps: AccountDeps,
  sent: Sent,
  it: Second,
  { way, taken }: { way: SecondWay; taken: Exclude<SecondTaken, { kind: 'in' }> },
): Promise<Answer> {
  const { t } = sent.visitor
  if (taken.kind === 'over') return { status: 422, page: otherPage(deps, sent, it, t('second.smsOver')) }
  const seconds = Math.ceil(taken.wait / 1_000)
  const pause = seconds > 0 ? t('second.wait', { seconds }) : ''
  if (taken.kind === 'wait') return { status: 429, page: otherPage(deps, sent, it, pause) }
  if (way === 'sms') return await smsPage(deps, sent, it, true)
  if (way === 'emergency')
    return { status: 422, page: emergencyPage(deps, sent, it, `${t('second.emergencyWrong')} ${pause}`) }
  const view = { way, lead: appText(deps, sent), error: `${t('second.wrong')} ${pause}`.trim() }
  return { status: 422, page: codeFormPage(deps, sent, it, view) }
}

/** The message goes out before the answer: whoever waits for one must hear when there is none. */
async function sendSms(deps: AccountDeps, sent: Sent, it: Second): Promise<Answer> {
  const { visitor } = sent
  const asked = await askCode(deps.ctx, it.session, smsText(deps, visitor), visitor.visit)
  if (asked.kind === 'sent') return { to: withReturn('/second/sms', it.to) }
  return { status: statusOf(asked), page: otherPage(deps, sent, it, troubleOf(deps, visitor, asked)) }
}

async function smsPage(deps: AccountDeps, asked: Asked, it: Second, tried: boolean): Promise<Answer> {
  const { t } = asked.visitor
  const sent = await sentCode(deps.ctx.store.db, deps.ctx, it.session, 'enter')
  if (!sent)
    return tried
      ? { status: 422, page: otherPage(deps, asked, it, t('second.smsOver')) }
      : { to: withReturn('/second', it.to) }
  const { to: number, reference } = sent
  const view = {
    way: 'sms' as const,
    lead: t('second.sms', { number, reference }),
    error: tried ? t('second.smsWrong', { reference }) : '',
  }
  return { status: tried ? 422 : 200, page: codeFormPage(deps, asked, it, view) }
}
