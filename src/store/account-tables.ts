/** The tables of accounts and the ways into them (migrations/0007). Tokens are kept as the SHA-256 of what was given out. */
export interface AccountTables {
  accounts: AccountTable
  account_links: AccountLinkTable
  second_factors: SecondFactorTable
  passkeys: PasskeyTable
  identities: IdentityTable
  sessions: SessionTable
  known_devices: KnownDeviceTable
  challenges: ChallengeTable
  throttles: ThrottleTable
  security_log: SecurityLogTable
}

/** A person who can sign in, or was invited to. */
export interface AccountTable {
  person_id: string
  /** Argon2id, as its encoded text; null where there is no password (yet). */
  password_hash: string | null
  password_at: string | null
  /** When the address was proven; null while the invitation is open. */
  activated_at: string | null
  disabled_at: string | null
  /** Whether this person must use a second factor. */
  requires_second: number
  is_admin: number
  created_at: string
}

/** A link that was sent by mail. */
export interface AccountLinkTable {
  id: string
  token_hash: string
  purpose: LinkPurpose
  /** null: nobody we know yet; `data` holds the name. */
  person_id: string | null
  /** The address that it was sent to: using it proves that somebody reads mail there. */
  address: string
  /** JSON. */
  data: string
  created_at: string
  expires_at: string
  spent_at: string | null
}

export const LINK_PURPOSES = [
  'create-password',
  'activate',
  'reset-password',
  'sign-in',
  'change-address',
  'undo-address',
  'move-identity',
] as const
export type LinkPurpose = (typeof LINK_PURPOSES)[number]

/** totp: the secret, sealed. sms: the number. emergency: the SHA-256 of the code. */
export interface SecondFactorTable {
  person_id: string
  kind: 'totp' | 'sms' | 'emergency'
  secret: string
  created_at: string
  /** null while it is being set up. */
  confirmed_at: string | null
  /** totp: the last time step that was used: each counts once. */
  last_step: number | null
}

export interface PasskeyTable {
  /** The credential's id, base64url. */
  id: string
  person_id: string
  name: string
  /** COSE, base64url. */
  public_key: string
  /** Of signatures, 32 bits without a sign. PostgreSQL gives it back as text. */
  counter: number
  /** With commas between. */
  transports: string
  created_at: string
  last_used_at: string | null
}

/** An identity at an OpenID provider. One may open several accounts: then the person chooses. */
export interface IdentityTable {
  issuer: string
  subject: string
  person_id: string
  /** What the person sees: a name or address at the provider. */
  label: string
  created_at: string
  last_used_at: string | null
}

export interface SessionTable {
  id: string
  token_hash: string
  person_id: string
  /** second: the password was right, the second factor is still asked for. setup: one must be set up first. full: signed in. */
  stage: 'second' | 'setup' | 'full'
  /** What it was proven with, with commas between: password, link, passkey, identity, totp, sms, emergency, device. */
  ways: string
  device: string
  network: string
  created_at: string
  seen_at: string
  /** When the person last proved themselves: sensitive changes ask for it anew. */
  proven_at: string
  expires_at: string
}

/** Devices that need no second factor for a while. */
export interface KnownDeviceTable {
  token_hash: string
  person_id: string
  device: string
  created_at: string
  expires_at: string
}

/** Something that must be answered soon: a code by SMS, a WebAuthn challenge, the state of a visit to an OpenID provider. */
export interface ChallengeTable {
  id: string
  kind: string
  person_id: string | null
  /** JSON. */
  data: string
  tries: number
  created_at: string
  expires_at: string
}

/** Failures by name (an address, a network, both), with the time before which another try is not looked at. */
export interface ThrottleTable {
  name: string
  failures: number
  wait_until: string
  forget_at: string
}

export interface SecurityLogTable {
  id: string
  person_id: string | null
  at: string
  what: string
  detail: string
  device: string
  network: string
  /** A name, or 'posthorn'. */
  actor: string
}
