import { dictionary } from '@zxcvbn-ts/language-common'
import { localPartOf } from '../model/address.ts'

/** What a password must be. Lengths count characters as people see them, roughly: code points after NFKC. */
export interface PasswordRules {
  /** Where the password is all there is to sign in with, and where a second factor must come with it. */
  least: number
  leastWithSecond: number
  most: number
  upper: boolean
  lower: boolean
  digit: boolean
  sign: boolean
  /** Refuse what everybody uses. */
  common: boolean
}

const NO_COMPOSITION = { upper: false, lower: false, digit: false, sign: false }

/**
 * nist: SP 800-63B-4, 3.1.1.2: length, no rules of composition, nothing common; 15 characters alone, 8 beside a second factor.
 * classic and enterprise: what many companies ask for in their own policies.
 */
export const PASSWORD_PRESETS = {
  nist: { least: 15, leastWithSecond: 8, most: 1_024, ...NO_COMPOSITION, common: true },
  classic: {
    least: 6,
    leastWithSecond: 6,
    most: 127,
    upper: true,
    lower: true,
    digit: true,
    sign: true,
    common: false,
  },
  enterprise: { ...NO_COMPOSITION, least: 8, leastWithSecond: 8, most: 1_024, upper: true, sign: true, common: false },
} as const satisfies Record<string, PasswordRules>

export type PasswordPreset = keyof typeof PASSWORD_PRESETS

/** One rule, as it is shown while somebody types: its key among the strings `password.…`, its number, and whether it is met. */
export interface RuleResult {
  rule: 'least' | 'most' | 'upper' | 'lower' | 'digit' | 'sign' | 'common' | 'address'
  number: number | null
  met: boolean
}

const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common'])

/** Every rule of a policy, with whether `password` meets it. `second`: whether a second factor always comes with it. */
export function judgePassword(
  rules: PasswordRules,
  password: string,
  who: { address: string; second: boolean },
): RuleResult[] {
  const text = password.normalize('NFKC')
  const length = [...text].length
  const least = who.second ? rules.leastWithSecond : rules.least
  const asked: [RuleResult['rule'], boolean, boolean, number?][] = [
    ['least', true, length >= least, least],
    ['most', true, length <= rules.most, rules.most],
    ['upper', rules.upper, /\p{Lu}/u.test(text)],
    ['lower', rules.lower, /\p{Ll}/u.test(text)],
    ['digit', rules.digit, /\p{Nd}/u.test(text)],
    ['sign', rules.sign, /[^\p{L}\p{N}\s]/u.test(text)],
    ['common', rules.common, length > 0 && !isCommon(text)],
    ['address', true, length > 0 && !isAddress(text, who.address)],
  ]
  return asked.filter(([, wanted]) => wanted).map(([rule, , met, number = null]) => ({ rule, number, met }))
}

/** Among the 30,000 passwords that leaks show most often, alone, repeated, or with up to eight digits or signs behind. */
function isCommon(text: string): boolean {
  const plain = text.toLowerCase()
  const stem = plain.replace(/[^\p{L}]+$/u, '')
  return COMMON.has(plain) || (stem !== '' && COMMON.has(stem) && plain.length - stem.length <= 8) || isRepeated(plain)
}

/** 'aaaaaaaaaaaaaaaa', 'abcabcabcabcabc', 'passwordpassword'. */
function isRepeated(text: string): boolean {
  const unit = /^(.{1,16}?)\1+$/su.exec(text)?.[1]
  return unit !== undefined && (unit.length <= 4 || COMMON.has(unit))
}

/** The address, or what stands before its @, is the first thing that anybody tries. */
function isAddress(text: string, address: string): boolean {
  const plain = text.toLowerCase()
  const known = address.toLowerCase()
  return known !== '' && (plain === known || plain === localPartOf(known))
}
