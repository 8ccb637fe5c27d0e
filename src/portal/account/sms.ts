import type { FastifyInstance } from 'fastify'
import { turnOnFactor } from '../../accounts/factors.ts'
import { askNumber, type SentCode, type SmsAsked, type SmsText, sentCode } from '../../accounts/sms.ts'
import type { AccountPage, LinkView } from '../../render/account-pages.ts'
import { turnedOn } from './emergency.ts'
import { field, form } from './fields.ts'
import { readFields } from './form-body.ts'
import { type AccountDeps, type Answer, type Asked, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import { pathIn, type SetUpPlace } from './set-up-place.ts'
import type { SignedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

const MINUTE = 60_000

/** Setting up codes by SMS: a number, and the code that was sent there. */
export function smsPages(part: FastifyInstance, deps: AccountDeps, place: SetUpPlace): void {
  if (!deps.ctx.sms) return
  const [path, below] = [`${place.path}/sms`, `${place.path}/sms/code`]
  accountPage(part, deps, path, {
    get: async (asked) =>
      await place.guard(deps, asked, path, async ({ visitor }) => ({
        page: numberPage(visitor, back(deps, asked, place), '', ''),
      })),
    post: async (sent) => await place.guard(deps, sent, path, async (who) => await takeNumber(deps, who, sent, place)),
  })
  accountPage(part, deps, below, {
    get: async (asked) =>
      await place.guard(deps, asked, path, async ({ visitor, session }) => {
        const sent = await sentCode(deps.ctx.store.db, deps.ctx, session, 'prove')
        return sent
          ? { page: codePage(visitor, again(deps, asked, place), sent, false) }
          : { to: pathIn(place, '/sms', asked) }
      }),
    post: async (sent) => await place.guard(deps, sent, path, async (who) => await takeCode(deps, who, sent, place)),
  })
}

async function takeNumber(deps: AccountDeps, who: SignedIn, sent: Sent, place: SetUpPlace): Promise<Answer> {
  const { visitor, session } = who
  const fields = readFields(sent.form, { number: { most: 40 } })
  if (!fields) return rejected(visitor)
  const wish = { number: fields.number, text: smsText(deps, visitor) }
  const asked = await askNumber(deps.ctx, session, wish, visitor.visit)
  if (asked.kind === 'sent') return { to: pathIn(place, '/sms/code', sent) }
  return {
    status: statusOf(asked),
    page: numberPage(visitor, back(deps, sent, place), fields.number, troubleOf(deps, visitor, asked)),
  }
}

async function takeCode(deps: AccountDeps, who: SignedIn, sent: Sent, place: SetUpPlace): Promise<Answer> {
  const { visitor, session } = who
  const fields = readFields(sent.form, { code: { most: 20 } })
  if (!fields) return rejected(visitor)
  const on = await turnOnFactor(deps.ctx, session, { factor: 'sms', code: fields.code }, visitor.visit)
  if (on.kind === 'on') return await turnedOn(deps, visitor, on, place.after(sent))
  if (on.kind === 'unproven') return { to: pathIn(place, '', sent) }
  const waiting = on.kind === 'wrong' ? await sentCode(deps.ctx.store.db, deps.ctx, session, 'prove') : null
  if (waiting) return { status: 422, page: codePage(visitor, again(deps, sent, place), waiting, true) }
  return { status: 422, page: numberPage(visitor, back(deps, sent, place), '', visitor.t('second.smsOver')) }
}

/** What a message says in the language of the page. */
export function smsText({ brand }: Pick<AccountDeps, 'brand'>, { t }: Visitor): SmsText {
  return (code, reference) => t('sms.message', { code, brand, reference })
}

type Trouble = Exclude<SmsAsked, { kind: 'sent' }>

/** Why no message came, with what to do; whoever runs Posthorn finds in the log what the gateway said. */
export function troubleOf({ log }: Pick<AccountDeps, 'log'>, { t }: Visitor, asked: Trouble): string {
  switch (asked.kind) {
    case 'number':
      return t('sms.wrong')
    case 'limit':
      return t('sms.limit', { minutes: Math.ceil(asked.wait / MINUTE) })
    case 'failed':
      log.error({ to: asked.to, why: asked.why }, 'a code could not be sent by SMS')
      return t('sms.failed')
  }
}

/** 503 where it is not the person's doing. */
export function statusOf({ kind }: Trouble): number {
  return kind === 'failed' ? 503 : kind === 'limit' ? 429 : 422
}

/** To the other ways that there are. */
function back({ base }: AccountDeps, asked: Asked, place: SetUpPlace): LinkView {
  return { href: `${base}${pathIn(place, '', asked)}`, text: asked.visitor.t('second.other') }
}

/** To where another code is sent from. */
function again({ base }: AccountDeps, asked: Asked, place: SetUpPlace): LinkView {
  return { href: `${base}${pathIn(place, '/sms', asked)}`, text: asked.visitor.t('second.again') }
}

function numberPage({ t }: Visitor, also: LinkView, number: string, error: string): AccountPage {
  return {
    ...EMPTY,
    title: t('set-up.sms'),
    also: [also],
    lead: [t('sms.text')],
    parts: [
      form({
        fields: [
          field({
            name: 'number',
            label: t('sms.number'),
            type: 'tel',
            value: number,
            autocomplete: 'tel',
            hint: t('sms.hint'),
            error,
          }),
        ],
        button: t('sms.button'),
      }),
    ],
  }
}

function codePage({ t }: Visitor, also: LinkView, sent: SentCode, tried: boolean): AccountPage {
  const { to: number, reference } = sent
  return {
    ...EMPTY,
    title: t('set-up.sms'),
    also: [also],
    lead: [t('second.sms', { number, reference })],
    parts: [
      form({
        fields: [
          field({
            name: 'code',
            label: t('second.code'),
            type: 'code',
            autocomplete: 'one-time-code',
            error: tried ? t('second.smsWrong', { reference }) : '',
          }),
        ],
        button: t('totp.button'),
      }),
    ],
  }
}
