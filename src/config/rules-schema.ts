import { z } from 'zod'
import { PRIORITIES } from '../model/case.ts'
import { readGlob } from '../model/glob.ts'
import type { AdministratorRule } from '../model/rule.ts'

/** The part of posthorn.yaml about which mails are kept away from people: rules, and the malware check. */

/** Characters of a pattern, patterns of a condition, and rules at the most. */
const MOST_PATTERN = 200
const MOST_PATTERNS = 500
const MOST_RULES = 200

const PATTERN = `text of 1 to ${MOST_PATTERN} characters, or a list of such; '*' stands for any text`

const pattern = z.string(PATTERN).trim().min(1, PATTERN).max(MOST_PATTERN, PATTERN)

const patterns = () =>
  z
    .union([pattern.transform((it) => [it]), z.array(pattern).min(1).max(MOST_PATTERNS)], PATTERN)
    .describe(
      "Found anywhere in the value; with a '*' the pattern is the form of the whole value. Capital letters do not matter. Of a list, one is enough.",
    )

function strict<T extends z.core.$ZodLooseShape>(shape: T) {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : `a section with ${known}`),
  })
}

const text = z.string('text (in quotes where it looks like a number)').trim().min(1, 'text').max(200)
const TAG = 'a tag: one word of at most 50 characters'
const tag = z
  .string(TAG)
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,49}$/u, TAG)

const when = strict({
  header: z
    .record(z.string().regex(/^[!-9;-~]{1,100}$/), patterns(), "a section of header names, like {List-Id: '*news*'}")
    .optional(),
  from: patterns().optional(),
  to: patterns().optional(),
  subject: patterns().optional(),
  mailbox: patterns().optional(),
  text: patterns().optional(),
  attachment: patterns().optional(),
  automatic: z.boolean('true or false').optional().describe('Whether a machine wrote the mail.'),
}).refine((it) => Object.keys(it).length > 0, 'at least one condition')

const then = strict({
  set: strict({
    priority: z.enum(PRIORITIES, `one of ${PRIORITIES.join(', ')}`).optional(),
    product: text.optional(),
    category: text.optional(),
    tag: z.union([tag.transform((it) => [it]), z.array(tag).min(1).max(20)], `${TAG}, or a list of such`).optional(),
  })
    .optional()
    .describe('What a case that the mail opens begins with.'),
  assign: text.optional().describe("An agent's address: the case that the mail opens is theirs."),
  ignore: z.literal(true, 'true').optional().describe('Kept in the ledger, and nothing else happens.'),
  hold: z.literal(true, 'true').optional().describe('Waits until somebody admits it: `posthorn hold list`.'),
})
  .refine((it) => Object.keys(it).length > 0, 'at least one of set, assign, ignore, hold')
  .refine((it) => !(it.ignore && it.hold), 'one of ignore and hold')

/** `rules`: the administrator's own, in their order. */
export const rulesSchema = z
  .array(strict({ name: text.describe('Unique; shown by `posthorn explain`.'), when, then }), 'a list of rules')
  .max(MOST_RULES, `at most ${MOST_RULES} rules`)
  .default([])
  .describe('What is done with certain mails, besides what Posthorn does by itself.')

/** `clamd`: where the malware check listens. */
export const clamdSchema = z
  .union(
    [
      z.strictObject({ socket: text, timeoutSeconds: z.int().min(1).max(600).default(30) }),
      z.strictObject({
        host: text,
        port: z.int().min(1).max(65_535).default(3310),
        timeoutSeconds: z.int().min(1).max(600).default(30),
      }),
    ],
    '{socket: /run/clamav/clamd.ctl} or {host: 127.0.0.1, port: 3310}, with timeoutSeconds if need be',
  )
  .optional()
  .describe('clamd, for a malware check of each mail. Its StreamMaxLength should be no smaller than limits.mailSize.')

/** A rule as it is used: patterns read, what was left out filled in. */
export function ruleOf({ name, when: on, then: act }: z.output<typeof rulesSchema>[number]): AdministratorRule {
  const globs = (list: readonly string[] | undefined) => (list ?? []).map(readGlob)
  return {
    name,
    conditions: {
      headers: Object.entries(on.header ?? {}).map(([header, list]) => ({
        name: header.toLowerCase(),
        patterns: globs(list),
      })),
      from: globs(on.from),
      to: globs(on.to),
      subject: globs(on.subject),
      mailbox: globs(on.mailbox),
      text: globs(on.text),
      attachment: globs(on.attachment),
      automatic: on.automatic ?? null,
    },
    actions: {
      set: {
        priority: act.set?.priority ?? null,
        product: act.set?.product ?? null,
        category: act.set?.category ?? null,
        tags: act.set?.tag ?? [],
      },
      assign: act.assign?.toLowerCase() ?? null,
      ignore: act.ignore ?? false,
      hold: act.hold ?? false,
    },
  }
}
