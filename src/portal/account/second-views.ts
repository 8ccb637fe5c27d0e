import type { SecondWays } from '../../accounts/second-step.ts'
import type { Session } from '../../accounts/sessions.ts'
import type { AccountPage, FieldView, Part } from '../../render/account-pages.ts'
import { field, form } from './fields.ts'
import { type AccountDeps, type Asked, EMPTY } from './pages.ts'
import { passkeyButton } from './passkey-form.ts'
import { withReturn } from './return-to.ts'
import type { Visitor } from './visitor.ts'

/** Somebody at the second step. */
export interface Second {
  session: Session
  ways: SecondWays
  /** Where they want to go. */
  to: string
}

/** What is said above the code of the app. */
export function appText({ brand }: AccountDeps, { visitor }: Asked): string {
  return visitor.t('second.totp', { brand })
}

export interface CodeForm {
  way: 'totp' | 'sms'
  lead: string
  error: string
}

/** Where a code is typed. */
export function codeFormPage(deps: AccountDeps, { visitor }: Asked, it: Second, view: CodeForm): AccountPage {
  const { base } = deps
  const { t } = visitor
  const path = view.way === 'totp' ? '/second' : '/second/sms'
  const action = `${base}${withReturn(path, it.to)}`
  const fields = [
    codeField({ label: t('second.code'), type: 'code', autocomplete: 'one-time-code', error: view.error }),
    field({
      name: 'remember',
      label: t('second.remember'),
      type: 'checkbox',
      required: false,
      hint: t('sign-in.shared'),
    }),
  ]
  return {
    ...EMPTY,
    title: t('second.title'),
    lead: [view.lead],
    parts: [form({ action, fields, button: t('second.button') })],
    also: [
      { href: `${base}${withReturn('/second/other', it.to)}`, text: t('second.other') },
      { href: `${base}/sign-in`, text: t('sign-in.other') },
    ],
  }
}

/** Where the emergency code is typed. */
export function emergencyPage({ base }: AccountDeps, { visitor }: Asked, { to }: Second, error: string): AccountPage {
  const { t } = visitor
  const action = `${base}${withReturn('/second/emergency', to)}`
  const label = t('second.emergencyCode')
  const fields = [codeField({ label, type: 'text', autocomplete: 'off', error: error.trim() })]
  return {
    ...EMPTY,
    title: t('second.title'),
    lead: [t('second.emergencyText')],
    parts: [form({ action, fields, button: t('second.button') })],
    also: [{ href: `${base}${withReturn('/second/other', to)}`, text: t('second.other') }],
  }
}

function codeField(over: Pick<FieldView, 'label' | 'type' | 'autocomplete' | 'error'>): FieldView {
  return field({ name: 'code', ...over })
}

/** All ways that somebody has, and what to do where none is at hand. */
export function otherPage(deps: AccountDeps, { visitor }: Asked, it: Second, problem: string): AccountPage {
  const { base, address } = deps
  const { t } = visitor
  const { ways, to } = it
  const row = (path: string, title: string) => ({
    title,
    href: `${base}${withReturn(path, to)}`,
    facts: '',
    action: null,
  })
  const rows = [
    ...(ways.totp ? [row('/second', t('second.app'))] : []),
    ...(ways.emergency ? [row('/second/emergency', t('second.emergency'))] : []),
  ]
  const isKeyed = ways.passkey && !ways.totp && ways.sms === null
  return {
    ...EMPTY,
    title: t('second.title'),
    lead: isKeyed ? [t('second.passkey')] : [],
    alerts: problem === '' ? [] : [{ tone: 'error', text: problem }],
    parts: [
      ...buttons(deps, visitor, it),
      ...(rows.length > 0 ? [{ list: { empty: '', rows } }] : []),
      { heading: t('second.helpTitle'), text: t('second.help', { address }) },
    ],
    also: [{ href: `${base}/sign-in`, text: t('sign-in.other') }],
  }
}

function buttons(deps: AccountDeps, visitor: Visitor, { ways, to }: Second): Part[] {
  const action = `${deps.base}${withReturn('/second/sms/send', to)}`
  const button = visitor.t('second.send', { number: ways.sms ?? '' })
  return [
    ...(ways.sms === null ? [] : [form({ action, fields: [], button })]),
    ...(ways.passkey ? passkeyButton(deps, visitor, to) : []),
  ]
}
