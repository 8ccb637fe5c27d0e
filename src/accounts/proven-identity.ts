/** An identity that a provider has just vouched for. Issuer and subject are what it is known by, and nothing else. */
export interface ProvenIdentity {
  /** Its name and label in the configuration. */
  provider: string
  providerLabel: string
  issuer: string
  subject: string
  /** What the person knows it by: an address or a name at the provider; '' where it says none. Anybody may have written it. */
  label: string
  /** As the provider says, to be written into a form for the person; '' where it says none. It opens nothing. */
  name: string
  address: string
  /** Whether the provider has checked two factors, and the configuration believes it. */
  strong: boolean
}

interface ProviderWords {
  name: string
  label: string
  secondFactorAcr: readonly string[]
}

interface Claims {
  iss: string
  sub: string
  acr?: unknown
  [claim: string]: unknown
}

const MOST = 200

/** What is taken of an ID token's claims, and of what the provider says besides (UserInfo, of the same subject). */
export function provenIdentity(
  { name: provider, label: providerLabel, secondFactorAcr }: ProviderWords,
  claims: Claims,
  info: Readonly<Record<string, unknown>> | null,
): ProvenIdentity {
  const said = (claim: string) => cleaned(claims[claim]) || cleaned(info?.[claim])
  const [address, name] = [said('email'), said('name')]
  return {
    provider,
    providerLabel,
    issuer: claims.iss,
    subject: claims.sub,
    label: address || said('preferred_username') || name,
    name,
    address,
    strong: typeof claims.acr === 'string' && secondFactorAcr.includes(claims.acr),
  }
}

/** One short line: it stands on pages and in mails. */
function cleaned(value: unknown): string {
  if (typeof value !== 'string') return ''
  return value
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST)
}
