/** Who of those named in a mail's To and Cc takes part in its case from then on. */
export interface ParticipantPolicy {
  policy: (typeof PARTICIPANT_POLICIES)[number]
  /** Participants that a case has at the most, besides its contact. */
  most: number
}

/** off: nobody. same-organisation: who shares the contact's mail domain. all: everybody. */
export const PARTICIPANT_POLICIES = ['off', 'same-organisation', 'all'] as const

export const PARTICIPANT_DEFAULTS: ParticipantPolicy = { policy: 'same-organisation', most: 10 }

/** How much Posthorn does of itself, or because of one sender, before it waits for a person. */
export interface Budgets {
  /** Automatic mails of all kinds to one address in a day. */
  perAddressPerDay: number
  /** The same to all addresses of one domain; public mail domains have no such budget. */
  perDomainPerDay: number
  /** How often mail reopens one solved case in a day. */
  reopensPerDay: number
  /** Mails of one sender that others are told of in a minute. */
  toldPerMinute: number
}

export const BUDGET_DEFAULTS: Budgets = {
  perAddressPerDay: 10,
  perDomainPerDay: 200,
  reopensPerDay: 5,
  toldPerMinute: 20,
}
