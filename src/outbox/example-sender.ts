import type { BrandConfig, MailboxConfig } from '../config/config.ts'

/** Nobody's mailbox, for made-up mails. */
export const EXAMPLE_MAILBOX: MailboxConfig = {
  name: 'support',
  address: 'support@acme.example',
  imap: {
    host: 'imap.acme.example',
    port: 993,
    tls: 'implicit',
    allowSelfSigned: false,
    user: 'support',
    auth: { kind: 'password', password: '' },
  },
  folder: 'INBOX',
  after: { kind: 'leave' },
  language: 'en',
  brand: 'acme',
  plusAddress: true,
  verp: true,
  pollSeconds: 60,
  defaults: { product: null, category: null },
  participants: { policy: 'same-organisation', most: 10 },
  trust: { authservId: null, check: null, agents: null },
}

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="132" height="32" viewBox="0 0 132 32"><rect width="32" height="32" rx="8" fill="#1f5fd0"/><path d="M8 22 16 8l8 14h-5l-3-5.5L13 22z" fill="#fff"/><text x="42" y="23" font-family="Helvetica,Arial,sans-serif" font-size="20" font-weight="700" fill="#1c2127">Acme</text></svg>'

/** Nobody's brand; its logo stands in the URL itself, so that a preview loads nothing from anywhere. */
export const EXAMPLE_BRAND: BrandConfig = {
  name: 'acme',
  fromName: 'Acme Support',
  signature: 'Kind regards\nAcme Support',
  supportContact: '+45 70 12 34 56',
  passwords: 'nist',
  color: '#1f5fd0',
  logo: { url: `data:image/svg+xml,${encodeURIComponent(LOGO)}`, width: 132, height: 32 },
}
