import { dirname, resolve } from 'node:path'
import { normaliseAddress } from '../model/address.ts'
import type {
  AfterIntake,
  Config,
  DigestsConfig,
  ImapConfig,
  MailboxConfig,
  OAuth2Auth,
  PasswordAuth,
  SmtpConfig,
  TlsMode,
} from './config.ts'
import { ruleOf } from './rules-schema.ts'
import type { ConfigFile } from './schema.ts'

type MailboxFile = ConfigFile['mailboxes'][number]

/** The configuration from a checked file; relative paths are relative to `folder`, the file's. */
export function complete(file: ConfigFile, folder: string): Config {
  const database = databaseOf(file.database, folder)
  const beside = database.engine === 'sqlite' ? dirname(database.path) : resolve(folder, 'data')
  const [firstBrand] = file.brands
  const [firstMailbox] = file.mailboxes
  const [firstSecret = '', ...otherSecrets] = [file.secret].flat()
  return {
    database,
    dataFolder: file.dataFolder ? resolve(folder, file.dataFolder) : beside,
    secrets: [firstSecret, ...otherSecrets],
    keys: file.keys,
    portal: file.portal ? { ...file.portal, listen: listenOf(String(file.portal.listen)) } : null,
    identityProviders: file.identityProviders.map((it) => ({ ...it, scopes: [...new Set(['openid', ...it.scopes])] })),
    sms: file.sms ? { ...file.sms, body: file.sms.body ?? null } : null,
    mailboxes: file.mailboxes.map((mailbox) => mailboxOf(mailbox, firstBrand?.name ?? '')),
    smtp: smtpOf(file.smtp),
    templates: file.templates ? resolve(folder, file.templates) : null,
    timeZone: file.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    administrator: file.administrator ? normaliseAddress(file.administrator) : null,
    digests: digestsOf(file.digests),
    brands: file.brands.map((brand) => ({ ...brand, logo: brand.logo ?? null })),
    agents: file.agents.map(({ name, email, language, timeZone }) => ({
      name,
      email: normaliseAddress(email),
      language: language ?? firstMailbox?.language ?? 'en',
      timeZone: timeZone ?? null,
    })),
    limits: file.limits,
    budgets: file.budgets,
    rules: file.rules.map(ruleOf),
    spam: file.spam,
    clamd: file.clamd ?? null,
    log: file.log,
  }
}

function databaseOf(text: string, folder: string): Config['database'] {
  return text.startsWith('sqlite:')
    ? { engine: 'sqlite', path: resolve(folder, text.slice('sqlite:'.length)) }
    : { engine: 'postgres', url: text }
}

function listenOf(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':')
  const host = colon < 0 ? '127.0.0.1' : text.slice(0, colon).replace(/^\[|\]$/g, '')
  return { host, port: Number(text.slice(colon + 1)) }
}

function mailboxOf(file: MailboxFile, firstBrand: string): MailboxConfig {
  const { product = null, category = null } = file.defaults
  const { authservId = null, check = null, agents = null } = file.trust
  return {
    ...file,
    address: normaliseAddress(file.address),
    imap: imapOf(file.imap),
    after: afterOf(file.after),
    verp: file.verp ?? file.plusAddress,
    brand: file.brand ?? firstBrand,
    defaults: { product, category },
    trust: { authservId: authservId?.toLowerCase() ?? null, check, agents },
  }
}

function imapOf({ password, oauth2, tls, ...rest }: MailboxFile['imap']): ImapConfig {
  return { ...rest, tls: tls ?? tlsOf(rest.port), auth: authOf(password, oauth2) ?? { kind: 'password', password: '' } }
}

function smtpOf({ password, oauth2, tls, user, perDomain, dkim, ...rest }: ConfigFile['smtp']): SmtpConfig {
  return {
    ...rest,
    tls: tls ?? tlsOf(rest.port),
    user: user ?? null,
    auth: authOf(password, oauth2),
    perDomain: { ...perDomain, perMinute: perDomain.perMinute ?? null },
    dkim: dkim ?? null,
  }
}

function digestsOf(file: ConfigFile['digests']): DigestsConfig {
  const scheduled = (text: string) => (text === 'off' ? null : text)
  return { agents: scheduled(file.agents), contacts: scheduled(file.contacts), articles: scheduled(file.articles) }
}

function authOf(password: string | undefined, oauth2: MailboxFile['imap']['oauth2']): PasswordAuth | OAuth2Auth | null {
  if (password !== undefined) return { kind: 'password', password }
  if (!oauth2) return null
  const { clientSecret = null, scope = null, ...rest } = oauth2
  return { kind: 'oauth2', ...rest, clientSecret, scope }
}

/** 993 and 465 speak TLS at once (RFC 8314), the others are upgraded; plain text is never a default. */
function tlsOf(port: number): TlsMode {
  return port === 993 || port === 465 ? 'implicit' : 'starttls'
}

function afterOf(after: MailboxFile['after']): AfterIntake {
  return typeof after === 'string' ? { kind: after } : { kind: 'move', folder: after.move }
}
