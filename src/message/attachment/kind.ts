import type { Parameterised } from '../header/parameters.ts'

/** What a leaf part is for the mail that holds it. */
export type PartKind =
  /** Read with the mail: its text. */
  | 'text'
  /** Listed beside it. */
  | 'attachment'
  /** A machine's report, for the readers only. */
  | 'report'
  /** Beyond the limits: neither kept nor read. */
  | 'left-out'

export interface PartFacts {
  type: string
  disposition: string
  filename: string | null
  /** Type of the multipart around it, '' for the outermost part. */
  container: string
  /** Whether a text part came before it in the mail. */
  afterText: boolean
}

const REPORTS = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
  'message/disposition-notification',
  'message/global-disposition-notification',
  'message/feedback-report',
  'text/rfc822-headers',
  'message/global-headers',
  // No RFC has these, but mailers do.
  'message/rfc822-headers',
  'text/rfc822',
  'text/delivery-status',
  'message/delivery-report',
])

/** Types whose text the readers of a mail look into. */
const MEANINGFUL = new Set([
  ...REPORTS,
  'message/rfc822',
  'message/global',
  'text/calendar',
  'application/ics',
  'text/x-amp-html',
])

export function isMeaningful(type: string): boolean {
  return MEANINGFUL.has(type) && type !== 'text/x-amp-html'
}

export function isNestedMail(type: string): boolean {
  return type === 'message/rfc822' || type === 'message/global'
}

/** Outlook's own format for what MIME cannot say. */
export function isTnef(type: string, filename: string | null): boolean {
  return (
    /^application\/(vnd\.)?ms-tnef$/.test(type) ||
    (type === 'application/octet-stream' && /^winmail\.dat$/i.test(filename ?? ''))
  )
}

/** Text to read, an attachment, or a report: by disposition, type, name and place. */
export function partKind(part: PartFacts): PartKind {
  if (REPORTS.has(part.type) || isNamedReport(part)) return 'report'
  if (part.disposition === 'attachment') return 'attachment'
  if (part.type !== 'text/plain' && part.type !== 'text/html') return 'attachment'
  if (part.disposition !== '' && part.disposition !== 'inline') return 'attachment'
  // A named text after the mail's own text is a file that the client merely shows inline.
  return part.filename !== null && part.afterText && part.container !== 'multipart/alternative' ? 'attachment' : 'text'
}

/** The delivery report of old MTAs, which calls itself text. */
function isNamedReport({ type, filename, container }: PartFacts): boolean {
  return container === 'multipart/report' && type === 'text/plain' && filename?.toLowerCase() === 'details.txt'
}

/** The type as readers compare it; broken ones are read as what they must mean. */
export function mediaType(contentType: Parameterised, container: string): string {
  const type = contentType.value.replace(/[,;\s][\s\S]*$/, '')
  if (type === '') return container === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  if (type === 'text' || type === 'text/' || type === 'plain') return 'text/plain'
  if (type === 'html') return 'text/html'
  if (type === 'multipart' || type === 'multipart/') return 'multipart/mixed'
  return /^[^/]+\/[^/]/.test(type) ? type : 'application/octet-stream'
}
