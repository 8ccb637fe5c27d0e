import type { TrustConfig } from './config.ts'

/** How the senders of one mailbox's mails are checked, complete. */
export interface TrustPolicy {
  authservId: string | null
  check: 'server' | 'own' | 'none'
  agents: 'verified' | 'plausible'
}

/** The configuration of a mailbox, completed with the server's name as calibrate learned it; null where it never did. */
export function trustPolicy(configured: TrustConfig, learnedAuthservId: string | null): TrustPolicy {
  const authservId = configured.authservId ?? learnedAuthservId
  const check = configured.check ?? (authservId === null ? 'none' : 'server')
  return { authservId, check, agents: configured.agents ?? (check === 'none' ? 'plausible' : 'verified') }
}
