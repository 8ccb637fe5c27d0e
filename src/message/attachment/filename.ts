import type { Parameterised } from '../header/parameters.ts'
import { LIMITS } from '../limits.ts'
import type { Problems } from '../problems.ts'

/** The name that a part gives itself, fit to be shown: without control characters, folders and NULs; null where it has none. */
export function filenameOf(disposition: Parameterised, contentType: Parameterised, problems: Problems): string | null {
  const named =
    disposition.params.filename ??
    disposition.params.name ??
    contentType.params.name ??
    contentType.params.filename ??
    ''
  return cleanFilename(named, problems)
}

/** A name as it may be shown; null where nothing is left of it. */
export function cleanFilename(named: string, problems: Problems): string | null {
  let name = named
    .replace(/[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+/g, ' ')

    .trim()
  // 'C:\Users\Kim\skærm.png' and '../../skærm.png' name a folder of somebody else's machine.
  if (/^[a-z]:\\|^\\\\|^\.{0,2}[\\/]/i.test(name))
    name = name.slice(Math.max(name.lastIndexOf('\\'), name.lastIndexOf('/')) + 1)
  if (name.length > LIMITS.filename) {
    problems.add(`an attachment's name is longer than ${LIMITS.filename} characters`)
    const dot = name.lastIndexOf('.')
    const ending = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : ''
    name = name.slice(0, LIMITS.filename - ending.length) + ending
  }
  return name === '' ? null : name
}
