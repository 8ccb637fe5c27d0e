import { z } from 'zod'
import { LANGUAGES } from '../model/language.ts'
import { BUDGET_DEFAULTS, PARTICIPANT_DEFAULTS, PARTICIPANT_POLICIES } from '../model/policy.ts'
import { SPAM_POLICIES } from '../model/rule.ts'
import { isTimeZone } from '../model/time-zone.ts'
import { clamdSchema, rulesSchema } from './rules-schema.ts'
import { isSchedule } from './schedule.ts'

/**
 * The shape of posthorn.yaml, as people write it. The messages are what is allowed in a place (problems.ts puts what was
 * found before them); the descriptions are what an editor shows. Defaults that depend on other settings are in complete.ts.
 */

const TEXT = 'text (in quotes where it looks like a number)'
const ADDRESS = /^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+$/
const SIZE = /^(\d{1,9}(?:\.\d{1,3})?) ?(B|KB|MB|GB)$/i
const UNITS: Record<string, number> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

const text = (allowed: string = TEXT) => z.string(allowed).trim().min(1, allowed)

/** Text that is taken as it is: a space at its end may belong to it. */
const password = () => z.string(TEXT).min(1, TEXT)

/** A whole number; as text too, because what comes from the environment is text. */
function whole(least: number, most: number, what = 'a whole number') {
  const error = `${what} from ${least} to ${most}`
  const number = z.int(error).min(least, error).max(most, error)
  return z.union(
    [
      number,
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number)
        .pipe(number),
    ],
    error,
  )
}

/** Bytes, or text like '40 MB' (1 MB is 1024 KB). */
function size(least: number) {
  const error = `a size like '40 MB' or a number of bytes, at least ${least}`
  const bytes = z.int(error).min(least, error)
  return z.union([bytes, z.string().regex(SIZE).transform(bytesOf).pipe(bytes)], error)
}

function bytesOf(value: string): number {
  const [, amount, unit] = SIZE.exec(value) ?? []
  return Math.round(Number(amount) * (UNITS[(unit ?? '').toUpperCase()] ?? Number.NaN))
}

const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, `one of ${values.join(', ')}`)

const address = () =>
  z.string('an address like support@example.com').trim().regex(ADDRESS, 'an address like support@example.com')

const url = () => z.string().regex(/^https?:\/\/\S+$/, 'a URL that begins with https:// or http://')

const truth = () => z.boolean('true or false')

const ZONE = "a time zone like 'Europe/Copenhagen'"
const timeZone = () => z.string(ZONE).refine((name) => isTimeZone(name), ZONE)

/** A section with these settings and no others; a problem with an unknown one carries the known ones in its message. */
function section<T extends z.core.$ZodLooseShape>(shape: T) {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : `a section with ${known}`),
  })
}

const list = <T extends z.ZodType>(item: T, what: string) => z.array(item, `a list of ${what}`)

const tls = () =>
  oneOf(['implicit', 'starttls', 'none'])
    .optional()
    .describe(
      'implicit: TLS from the first byte (the default on ports 993 and 465). starttls: upgraded, or refused (the default on 143, 587 and 25). none: plain text, only when it is asked for here.',
    )

const allowSelfSigned = () =>
  truth().default(false).describe('Accept a certificate that does not verify: only for a server on the same machine.')

const oauth2 = () =>
  section({
    tokenUrl: url().describe('Where access tokens are asked for.'),
    clientId: text(),
    clientSecret: password().optional(),
    refreshToken: password().describe('The first refresh token; rotated ones are kept in the database.'),
    scope: text().optional(),
  })
    .optional()
    .describe('XOAUTH2, in the place of a password.')

const imap = section({
  host: text(),
  port: whole(1, 65_535, 'a port').default(993),
  tls: tls(),
  allowSelfSigned: allowSelfSigned(),
  user: text(),
  password: password().optional().describe('Either this or oauth2.'),
  oauth2: oauth2(),
})

const after = z.union(
  [z.enum(['flag', 'delete', 'leave']), z.strictObject({ move: text() })],
  "flag, delete, leave, or {move: Processed} with the folder's name",
)

const participants = section({
  policy: oneOf(PARTICIPANT_POLICIES)
    .default(PARTICIPANT_DEFAULTS.policy)
    .describe(
      "Who of a mail's To and Cc takes part in its case from then on. off: nobody. same-organisation: who shares the contact's mail domain, public ones like gmail.com left out. all: everybody whom a proven sender names.",
    ),
  most: whole(0, 1_000).default(PARTICIPANT_DEFAULTS.most).describe('Participants that a case has at the most.'),
})

const mailbox = section({
  name: text()
    .max(64, 'at most 64 characters')
    .describe('Unique. The ledger and the cases refer to it: do not change it while the mailbox stays the same.'),
  address: address().describe('The support address that people write to, and that mails leave from.'),
  imap,
  folder: text().default('INBOX'),
  after: after
    .default({ move: 'Processed' })
    .describe('What happens to a mail on the server once it is safe in the database.'),
  language: oneOf(LANGUAGES).default('en').describe('The language of mails where nothing better is known.'),
  brand: text().optional().describe("A brand's name; the first one where it is left out."),
  plusAddress: truth()
    .default(true)
    .describe(
      'Whether mail to support+anything@… arrives in this mailbox. If not, answers are known by Message-IDs alone.',
    ),
  verp: truth()
    .optional()
    .describe(
      'Whether each mail leaves under an envelope sender of its own (support+b.…@…), so that a bounce says which mail it is about. As plusAddress where it is left out; false for an SMTP server that lets only the plain address through.',
    ),
  pollSeconds: whole(1, 86_400, 'seconds').default(60).describe('Seconds between two looks, besides IDLE.'),
  defaults: section({ product: text().optional(), category: text().optional() })
    .prefault({})
    .describe('What a new case starts with.'),
  participants: participants.prefault({}),
  trust: section({
    authservId: text()
      .optional()
      .describe(
        "The name at the beginning of the Authentication-Results that this mailbox's server writes: '*.example.com' for any of its servers, 'unnamed' where it writes none (Exchange). Left out: what `posthorn mailbox calibrate` learned.",
      ),
    check: oneOf(['server', 'own', 'none'])
      .optional()
      .describe(
        'server: what that server found (the default where its name is known). own: Posthorn checks by itself, over the DNS. none: signed keys alone (the default otherwise).',
      ),
    agents: oneOf(['verified', 'plausible'])
      .optional()
      .describe(
        "What an agent's mail must be to count as the agent's. verified is the default where there is a check, else plausible: a key that agents were given.",
      ),
  })
    .prefault({})
    .describe('How the sender of a mail is checked.'),
})

const smtp = section({
  host: text(),
  port: whole(1, 65_535, 'a port').default(587),
  tls: tls(),
  allowSelfSigned: allowSelfSigned(),
  user: text().optional().describe('Left out: no login.'),
  password: password().optional().describe('Either this or oauth2, with user.'),
  oauth2: oauth2(),
  connections: whole(1, 50).default(5).describe('Connections held open at the most.'),
  perDomain: section({
    connections: whole(1, 50).default(3).describe('Mails on their way to one domain at once, at the most.'),
    perMinute: whole(1, 100_000)
      .optional()
      .describe('Mails to one domain in a minute, at the most; left out: no limit.'),
  })
    .prefault({})
    .describe('Limits for each domain that is written to, over all workers.'),
  dkim: section({
    domain: text("a domain like 'example.com'")
      .regex(/^[^\s@/:;=.]+(?:\.[^\s@/:;=.]+)+$/, "a domain like 'example.com'")
      .describe('Of the support addresses, or above them.'),
    selector: text()
      .regex(/^\w+(?:[.-]\w+)*$/, "letters, digits, dots and hyphens, like 'posthorn'")
      .describe('The public key is in the DNS at selector._domainkey.domain.'),
    privateKey: password().describe('The path of a PEM file, relative to this one; or the PEM itself.'),
  })
    .optional()
    .describe('Signs every mail (RFC 6376), where the SMTP server does not.'),
})

const brand = section({
  name: text(),
  fromName: text().describe("'Acme Support': mails leave as 'Anna, Acme Support <support@…>'."),
  signature: z.string(TEXT).default('').describe('Lines below each mail, plain text.'),
  supportContact: text().describe('What people are told to use when mail does not work: an address, a number, a page.'),
  passwords: oneOf(['nist', 'classic', 'enterprise'])
    .default('nist')
    .describe(
      'What passwords must be. nist: at least 15 characters (8 beside a second factor), nothing that everybody guesses (SP 800-63B-4). classic: 6 to 127 characters with an upper and a lower case letter, a digit and another sign. enterprise: at least 8 with an upper case letter and a special sign.',
    ),
  color: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, "a colour like '#1f5fd0', in quotes")
    .default('#1f5fd0')
    .describe('Of buttons and links.'),
  logo: section({ url: url(), width: whole(1, 600, 'pixels'), height: whole(1, 300, 'pixels') })
    .optional()
    .describe('Shown above each mail.'),
})

const agent = section({
  name: text(),
  email: address().describe('Private: customers never see it.'),
  language: oneOf(LANGUAGES).optional().describe("The first mailbox's language where it is left out."),
  timeZone: timeZone().optional().describe('For digests; the one for all where it is left out.'),
})

const MB = 1024 ** 2
const limits = section({
  mailSize: size(64 * 1024)
    .default(40 * MB)
    .describe('A larger mail stays on the server: the agents are told, and the sender once.'),
  parseSeconds: whole(1, 600, 'seconds').default(20).describe('Time for reading one mail.'),
  parseMemory: size(64 * MB)
    .default(512 * MB)
    .describe('Memory for reading one mail.'),
  blobInline: size(0)
    .default(256 * 1024)
    .describe('Content from this size on is a file in the data folder instead of a row in the database.'),
  attempts: whole(1, 100).default(3).describe('How often taking in one mail is tried before it is quarantined.'),
  noticeAttachments: size(0)
    .default(10 * MB)
    .describe('Attachments that a notice carries at the most.'),
})

const budgets = section({
  perAddressPerDay: whole(0, 1_000_000)
    .default(BUDGET_DEFAULTS.perAddressPerDay)
    .describe('Automatic mails (receipts and their kin, all together) to one address in a day.'),
  perDomainPerDay: whole(0, 1_000_000)
    .default(BUDGET_DEFAULTS.perDomainPerDay)
    .describe('The same to one domain; public mail domains like gmail.com have no such budget.'),
  reopensPerDay: whole(0, 1_000_000)
    .default(BUDGET_DEFAULTS.reopensPerDay)
    .describe('How often mail reopens one solved case in a day. Further answers are comments and leave it solved.'),
  toldPerMinute: whole(1, 1_000_000)
    .default(BUDGET_DEFAULTS.toldPerMinute)
    .describe(
      'Mails of one sender that others are told of in a minute. Further ones are in their cases, told to nobody.',
    ),
})

const SECRET = 'text of at least 32 characters, such as `openssl rand -hex 32` prints'
const secret = z.string(SECRET).min(32, SECRET)

const portal = section({
  url: url().describe('How people reach it.'),
  listen: z
    .union(
      [z.int().min(1).max(65_535), z.string().regex(/^(?:(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):)?\d{1,5}$/)],
      'a port, or HOST:PORT',
    )
    .default('127.0.0.1:8080')
    .describe('PORT or HOST:PORT.'),
  proxies: list(text(), 'addresses, networks or loopback')
    .default(['loopback'])
    .describe('The proxies in front, whose word on who is asking is taken; loopback is this machine.'),
  requireSecond: section({
    agents: truth().default(false),
    contacts: truth().default(false),
  })
    .prefault({})
    .describe('Who must use a second factor to sign in.'),
})

const ISSUER = 'a URL that begins with https:// (http:// for this machine alone), without ? and #'
const identityProvider = section({
  name: text()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "small letters, digits and hyphens, like 'entra'")
    .describe(
      'Stands in the address that the provider sends people back to, URL/identity/NAME/callback, which it must be told.',
    ),
  label: text().describe("What people know it by: 'Sign in with LABEL'."),
  issuer: z
    .string()
    .regex(/^(?:https:\/\/[^\s?#]+|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/][^\s?#]*)?)$/, ISSUER)
    .describe('Its issuer, exactly as it says itself in ISSUER/.well-known/openid-configuration.'),
  clientId: text(),
  clientSecret: password(),
  scopes: list(text(), 'scopes')
    .default(['openid'])
    .describe('What is asked for. openid is enough; profile or email let people see which of their identities it is.'),
  secondFactorAcr: list(text(), 'acr values')
    .default([])
    .describe('What the provider says (acr) where it has checked two factors itself: then no other is asked for here.'),
})

const sms = section({
  url: url().describe('Where it is asked to send one. {to}, {text} and {from} are filled in, here and in body.'),
  method: oneOf(['POST', 'PUT', 'GET']).default('POST'),
  headers: z
    .record(z.string(), text(), 'a section of headers, each with its text')
    .default({})
    .describe('Such as Authorization.'),
  contentType: oneOf(['application/json', 'application/x-www-form-urlencoded'])
    .default('application/json')
    .describe('Of body; it says how what is filled in is written.'),
  body: text().optional(),
  from: text().default('').describe('What fills {from}: the name or number that messages come from.'),
  prefixes: list(
    z.string().regex(/^\+[1-9]\d{0,6}$/, "what numbers begin with, like '+45', in quotes"),
    "what numbers may begin with, like ['+45']",
  )
    .default([])
    .describe(
      'Countries that are written to; left out: all of them. Numbers in far countries are what fraud lives on.',
    ),
  perDay: whole(1, 1_000_000).default(500).describe('Messages in a day, to everybody together.'),
})

const SCHEDULE = "minute hour day month weekday, like '0 7 * * 1-5', or off"
const schedule = (preset: string) =>
  z
    .string(SCHEDULE)
    .regex(/^(?:off|[\d*,/-]+(?: [\dA-Za-z*,/-]+){4})$/, SCHEDULE)
    .refine((text) => text === 'off' || isSchedule(text), SCHEDULE)
    .default(preset)

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const

/** posthorn.yaml. */
export const fileSchema = section({
  database: z
    .string('sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME')
    .regex(/^(?:sqlite:.+|postgres(?:ql)?:\/\/.+)$/, 'sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME')
    .default('sqlite:./data/posthorn.db')
    .describe('sqlite:PATH (relative to this file) or postgres://….'),
  dataFolder: text().optional().describe('For large attachments; where the database is, or ./data, when left out.'),
  secret: z
    .union([secret, z.array(secret).min(1)], `${SECRET}; or a list: the first signs, all are accepted`)
    .describe('Signs reply addresses and Message-IDs. A list while it is being changed: the new one first.'),
  keys: section({
    expireDays: z
      .union([whole(1, 36_500, 'days'), z.null()])
      .default(null)
      .describe('Days after which the key in a reply address or Message-ID is none any more. Left out or null: never.'),
  }).prefault({}),
  portal: portal.optional(),
  sms: sms.optional().describe('A gateway that sends text messages, for codes as a second factor. 2xx is success.'),
  identityProviders: list(identityProvider, 'providers')
    .default([])
    .describe('OpenID providers that people may sign in with on the portal.'),
  mailboxes: list(mailbox, 'mailboxes, at least one').min(1, 'a list of mailboxes, at least one'),
  smtp,
  templates: text()
    .optional()
    .describe('A folder of your own texts and layouts: each file takes the place of ours of the same name.'),
  timeZone: timeZone().optional().describe("By whose clock digests are written; the machine's where it is left out."),
  administrator: address()
    .optional()
    .describe('Hears of mailboxes that cannot be reached; all agents where it is left out.'),
  digests: section({
    agents: schedule('0 7 * * 1-5').describe('New, waiting and solved cases, for agents.'),
    contacts: schedule('0 8 * * 1').describe('Their open cases, for contacts who want it.'),
    articles: schedule('0 8 * * *').describe(
      'New articles in the areas that somebody follows, and which articles there got comments.',
    ),
  })
    .prefault({})
    .describe("When digests are written, as cron says it, by each person's own clock; or off."),
  brands: list(brand, 'brands, at least one').min(1, 'a list of brands, at least one'),
  agents: list(agent, 'agents').default([]),
  limits: limits.prefault({}),
  budgets: budgets.prefault({}),
  rules: rulesSchema,
  spam: oneOf(SPAM_POLICIES)
    .default('open')
    .describe(
      'What is done with a mail that the mail server calls spam and that answers nothing of ours. open: a case of low priority, without a receipt to the sender. hold: such a case, but nobody is told until it is admitted. ignore: kept in the ledger alone.',
    ),
  clamd: clamdSchema,
  log: section({ level: oneOf(LEVELS).default('info') }).prefault({}),
})

/** posthorn.yaml as it was checked, with the defaults that depend on nothing else. */
export type ConfigFile = z.output<typeof fileSchema>

/** The JSON Schema (draft 7) of posthorn.yaml, for editors. `${NAME}` is allowed wherever text or a number is. */
export function jsonSchema(): object {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-7' })
  return { ...(withPlaceholders(schema) as object), title: 'posthorn.yaml' }
}

const PLACEHOLDER = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}' }

/** Text with a pattern or a least length would refuse `${NAME}`, which is only filled in later. */
function withPlaceholders(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withPlaceholders)
  if (typeof node !== 'object' || node === null) return node
  const copy: { [key: string]: unknown; type?: unknown; minLength?: unknown } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withPlaceholders(value)]),
  )
  const limited = copy.type === 'string' && ('pattern' in copy || Number(copy.minLength ?? 0) > 1)
  if (!limited) return copy
  const { description, default: preset, ...rule } = copy
  return { ...(description ? { description } : {}), ...(preset ? { default: preset } : {}), anyOf: [rule, PLACEHOLDER] }
}
