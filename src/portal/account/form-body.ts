/** What a field may hold: at most so many characters, and whether it may be left out. */
export interface FieldRule {
  most: number
  optional?: boolean
  /** Taken as it is: a space at the end of a password belongs to it. */
  verbatim?: boolean
}

/** Bytes that a form may have at the most. */
export const MOST_FORM_BYTES = 32_768

/** The fields of a form as it was sent (application/x-www-form-urlencoded, UTF-8), or null where it is none. */
export function parseForm(body: Buffer): URLSearchParams | null {
  // Percent-encoding is ASCII; what is not was made by no browser.
  if (body.some((byte) => byte > 0x7e || byte < 0x20)) return null
  const form = new URLSearchParams(body.toString('latin1'))
  // What is no UTF-8 has become U+FFFD.
  for (const [name, value] of form) if (/\ufffd|\0/.test(name + value)) return null
  return form
}

/**
 * Reads the fields that a form has, and takes no others: one that is missing, doubled, too long, or not of this form makes the
 * whole form null, for no page of ours sends such a thing. The csrf field is passed over.
 */
export function readFields<Name extends string>(
  form: unknown,
  rules: Readonly<Record<Name, FieldRule>>,
): Record<Name, string> | null {
  if (!(form instanceof URLSearchParams)) return null
  const known = Object.keys(rules) as Name[]
  if ([...form.keys()].some((name) => name !== 'csrf' && !known.some((it) => it === name))) return null
  const fields = {} as Record<Name, string>
  for (const name of known) {
    const value = readField(form.getAll(name), rules[name])
    if (value === null) return null
    fields[name] = value
  }
  return fields
}

function readField(given: string[], rule: FieldRule): string | null {
  const [value] = given
  if (given.length > 1) return null
  if (value === undefined) return rule.optional ? '' : null
  if (value.length > rule.most) return null
  if (rule.verbatim) return value
  // A field of one line has no line breaks in it: nothing that somebody types begins a new line anywhere.
  return /[\x00-\x1f\x7f\u2028\u2029]/.test(value) ? null : value.trim()
}
