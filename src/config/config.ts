import type { Language } from '../model/language.ts'
import type { Budgets, ParticipantPolicy } from '../model/policy.ts'
import type { AdministratorRule, SpamPolicy } from '../model/rule.ts'
import type { Secrets } from '../model/thread-key.ts'

/** The whole configuration, checked and complete: posthorn.yaml with the environment's secrets filled in (load.ts). */
export interface Config {
  database: { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string }
  /** Folder for large attachments and temporary files; absolute. */
  dataFolder: string
  /** Key ring: the first signs, all verify. Each at least 32 characters. */
  secrets: Secrets
  keys: { /** Days after which a reply key is no key any more; null: never. */ expireDays: number | null }
  portal: PortalConfig | null
  /** How codes are sent by SMS; null: not at all. */
  sms: SmsConfig | null
  identityProviders: IdentityProviderConfig[]
  mailboxes: MailboxConfig[]
  smtp: SmtpConfig
  /** Folder of the administrator's own templates, absolute; each file takes the place of ours of the same name. */
  templates: string | null
  /** IANA name: where nobody has said otherwise, digests are written by its clock. */
  timeZone: string
  /** Who hears of mailboxes that cannot be reached; null: all agents. */
  administrator: string | null
  digests: DigestsConfig
  brands: BrandConfig[]
  agents: AgentConfig[]
  limits: LimitsConfig
  budgets: Budgets
  /** The administrator's own, in their order. */
  rules: AdministratorRule[]
  /** What is done with a mail that the mail server calls spam and that answers nothing of ours. */
  spam: SpamPolicy
  clamd: ClamdConfig | null
  log: { level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent' }
}

/** The web pages. */
export interface PortalConfig {
  url: string
  listen: { host: string; port: number }
  /** Addresses and networks of the proxies in front, whose word on who is asking is taken; 'loopback' for this machine. */
  proxies: string[]
  /** Who must use a second factor. */
  requireSecond: { agents: boolean; contacts: boolean }
}

/** An OpenID provider that people may sign in with (OpenID Connect Core 1.0). */
export interface IdentityProviderConfig {
  /** Unique; part of the URL that it sends people back to. */
  name: string
  /** 'Microsoft'. */
  label: string
  issuer: string
  clientId: string
  clientSecret: string
  /** With openid. */
  scopes: string[]
  /** Values of acr that stand for two factors. */
  secondFactorAcr: string[]
}

/** A gateway that sends a text message for one HTTP request. */
export interface SmsConfig {
  /** With the holes {to}, {text} and {from}, as body has them. */
  url: string
  method: 'POST' | 'PUT' | 'GET'
  headers: Readonly<Record<string, string>>
  /** Says how what fills the holes of body is written. */
  contentType: 'application/json' | 'application/x-www-form-urlencoded'
  /** null: none is sent. */
  body: string | null
  from: string
  /** What numbers may begin with ('+45'); none: any number. */
  prefixes: string[]
  /** Messages in a day, to everybody together. */
  perDay: number
}

export interface MailboxConfig {
  /** Unique; the key in ledger and cases, so it must not change while the mailbox stays the same. */
  name: string
  /** The support address, lower case. */
  address: string
  imap: ImapConfig
  folder: string
  after: AfterIntake
  language: Language
  /** A brand's name. */
  brand: string
  /** Whether mail to local+anything@domain arrives in this mailbox; where not, answers are known by Message-IDs alone. */
  plusAddress: boolean
  /** Whether each mail leaves under an envelope sender of its own, by which delivery reports are known (VERP). */
  verp: boolean
  /** Seconds between two looks, besides IDLE. */
  pollSeconds: number
  defaults: { product: string | null; category: string | null }
  participants: ParticipantPolicy
  trust: TrustConfig
}

/** How a mail's sender is checked; null: by what `posthorn mailbox calibrate` learned (trust.ts). */
export interface TrustConfig {
  /** The name by which the mailbox's own server signs its Authentication-Results; '*.example.com' or 'unnamed' too. */
  authservId: string | null
  /** server: what that server wrote. own: Posthorn asks the DNS itself. none: keys alone. */
  check: 'server' | 'own' | 'none' | null
  /** How sure an agent's mail must be to be let in as the agent's. */
  agents: 'verified' | 'plausible' | null
}

export interface ImapConfig {
  host: string
  port: number
  tls: TlsMode
  /** Accept a certificate that does not verify: only for a server on this machine. */
  allowSelfSigned: boolean
  user: string
  auth: PasswordAuth | OAuth2Auth
}

/** implicit: TLS from the first byte. starttls: upgraded, or refused where the server does not offer it. none: plain text. */
export type TlsMode = 'implicit' | 'starttls' | 'none'

export interface PasswordAuth {
  kind: 'password'
  password: string
}

/** XOAUTH2 with a refresh token; a rotated one is kept in the store. */
export interface OAuth2Auth {
  kind: 'oauth2'
  tokenUrl: string
  clientId: string
  clientSecret: string | null
  refreshToken: string
  scope: string | null
}

/** What happens to a mail on the server once it is committed. */
export type AfterIntake = { kind: 'move'; folder: string } | { kind: 'flag' } | { kind: 'delete' } | { kind: 'leave' }

export interface SmtpConfig {
  host: string
  port: number
  tls: TlsMode
  allowSelfSigned: boolean
  user: string | null
  auth: PasswordAuth | OAuth2Auth | null
  /** Connections held open at the most. */
  connections: number
  /** For each domain that is written to, over all workers. */
  perDomain: { connections: number /** Mails a minute; null: no limit. */; perMinute: number | null }
  dkim: DkimConfig | null
}

/** Mails are signed (RFC 6376) by `domain` with the key whose public half is at selector._domainkey.domain. */
export interface DkimConfig {
  domain: string
  selector: string
  /** PEM. */
  privateKey: string
}

/** When each digest is written, as cron says it (minute hour day month weekday), by each person's own clock; null: never. */
export interface DigestsConfig {
  agents: string | null
  contacts: string | null
  articles: string | null
}

export interface BrandConfig {
  name: string
  /** 'Acme Support': mails leave as 'Anna, Acme Support <support@…>'. */
  fromName: string
  /** Plain text lines below each mail. */
  signature: string
  /** What people are told to use when mail does not work: an address, a telephone number, a page. */
  supportContact: string
  /** What a password must be, by the name of a set of rules. */
  passwords: 'nist' | 'classic' | 'enterprise'
  /** '#1f5fd0': of buttons and links. */
  color: string
  /** Shown above each mail; pixels. */
  logo: { url: string; width: number; height: number } | null
}

export interface AgentConfig {
  name: string
  /** Lower case; private: customers never see it. */
  email: string
  language: Language
  /** IANA name; null: the configuration's. */
  timeZone: string | null
}

export interface LimitsConfig {
  /** Bytes; a larger mail stays on the server, the agents are told, the sender is told once. */
  mailSize: number
  /** Seconds and bytes that parsing one mail may take. */
  parseSeconds: number
  parseMemory: number
  /** Bytes from which content goes to a file instead of the database. */
  blobInline: number
  /** How often intake of one mail is tried before it is quarantined. */
  attempts: number
  /** Bytes of attachments that a notice carries at the most. */
  noticeAttachments: number
}

/** Where clamd listens for the malware check. */
export type ClamdConfig = ({ socket: string } | { host: string; port: number }) & {
  /** For the whole check of one mail. */
  timeoutSeconds: number
}
