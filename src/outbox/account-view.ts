import type { AccountNotice } from '../model/notice.ts'
import type { AccountView } from '../render/view.ts'
import type { OwnPart } from './view-context.ts'
import { cleanName, oneLine } from './words.ts'

/** What mails about an account say, besides what stands in every mail. */
export function accountView(notice: AccountNotice): OwnPart<AccountView> {
  switch (notice.kind) {
    case 'welcome':
    case 'reset-password':
      return { kind: notice.kind, url: notice.url, hours: notice.hours }
    case 'activate-account': {
      const inviter = notice.inviter === null ? null : cleanName(notice.inviter) || null
      return { kind: notice.kind, url: notice.url, hours: notice.hours, inviter }
    }
    case 'account-exists':
      return { kind: notice.kind, signInUrl: notice.signInUrl, resetUrl: notice.resetUrl }
    case 'sign-in-link':
      return { kind: notice.kind, url: notice.url, minutes: notice.minutes }
    case 'password-changed':
    case 'emergency-code-used':
      return { kind: notice.kind, securityUrl: notice.securityUrl, at: notice.at }
    case 'address-change':
      return { kind: notice.kind, url: notice.url, hours: notice.hours, newAddress: oneLine(notice.newAddress) }
    case 'address-changed':
      return { kind: notice.kind, undoUrl: notice.undoUrl, days: notice.days, newAddress: oneLine(notice.newAddress) }
    case 'second-factor-on':
    case 'second-factor-off':
      return { kind: notice.kind, factor: notice.factor, securityUrl: notice.securityUrl, at: notice.at }
    case 'identity-move': {
      const { kind, url, hours } = notice
      return { kind, url, hours, provider: cleanName(notice.provider), newAddress: oneLine(notice.newAddress) }
    }
    case 'identity-changed': {
      const { kind, change, securityUrl, at } = notice
      return { kind, change, provider: cleanName(notice.provider), securityUrl, at }
    }
    case 'new-sign-in': {
      const { device, place, securityUrl, at } = notice
      return { kind: notice.kind, device: cleanName(device), place: cleanName(place), securityUrl, at }
    }
  }
}
