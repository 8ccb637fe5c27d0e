/** What the malware check says of a mail. unknown: it could not be made, and why. */
export type ScanVerdict = { kind: 'clean' } | { kind: 'infected'; name: string } | { kind: 'unknown'; why: string }

/** Why a mail's attachments are not sent on, or null where they are. */
export function withheldBecause(scan: ScanVerdict | null): string | null {
  switch (scan?.kind) {
    case 'infected':
      return `malware was found in the mail: ${scan.name}`
    case 'unknown':
      return `the malware check could not be made: ${scan.why}`
    default:
      return null
  }
}
