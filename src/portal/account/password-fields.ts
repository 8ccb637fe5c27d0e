import type { RuleResult } from '../../accounts/password-rules.ts'
import type { FieldView } from '../../render/account-pages.ts'
import { field } from './fields.ts'
import type { Visitor } from './visitor.ts'

/** Characters that a field for a password takes: more than any rule allows, so that the rule can say so. */
export const MOST_PASSWORD = 4_096

/** A field for a new password with its rules as a list, which a script keeps up to date while somebody types. */
export function newPasswordFields({ t }: Visitor, rules: readonly RuleResult[], tried: boolean): FieldView[] {
  const unmet = tried && rules.some(({ met }) => !met)
  const options = rules.map(({ rule, number, met }) => ({
    value: '',
    label: t(`password.${rule}`, { number: number ?? '' }),
    checked: false,
    met: tried && met,
    rule,
    number: number === null ? '' : String(number),
  }))
  return [
    field({
      name: 'password',
      label: t('password.new'),
      type: 'password',
      autocomplete: 'new-password',
      error: unmet ? t('password.weak') : '',
    }),
    field({ name: 'password', label: t('password.rules'), type: 'rules', options }),
  ]
}
