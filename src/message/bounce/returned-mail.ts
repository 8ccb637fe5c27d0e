/**
 * Lines after which a report in plain text brings the mail that came back. Matched against a trimmed line.
 * The trade's own words (qmail, Exim, sendmail, Yahoo, GMX, Notes, MailEnable …) and the shape they share.
 */
const SEPARATORS: readonly RegExp[] = [
  /^-{2,}.{0,40}\bcopy of (?:the|your|the first part of the) (?:original )?(?:message|mail)/i,
  /^(?:a|here is a|included is a|below is a) copy of the (?:original )?(?:message|first part|mail)/i,
  /^-{2,}\s{0,3}(?:below|original|returned|unsent|message header|message body|message text|start of returned|the header)/i,
  /^-{2,}.{0,20}\b(?:unsent message|returned mail|returned message|original (?:message|mail)|original header|nachricht|message d'origine)\b/i,
  /^-{2,}\s?(?:the header of the original|the body of your|der header|die kopfzeilen|mensaje original|ниже|附件)/i,
  /^-{2,}.{0,30}(?:header and (?:top|first) \d+ lines)/i,
  /^\|-{3,}\s?message text follows/i,
  /^(?:the )?original message (?:follows|as received|headers?|text|attached)\b/i,
  /^(?:the )?(?:original )?message headers? follows?:?/i,
  /^(?:your|the) (?:original )?message reads \(in part\)/i,
  /^the (?:first \d+ lines of your original message|text of the message) follows?/i,
  /^original message headers:/i,
  /^(?:ursprüngliche nachrichtenkopfzeilen|ursprungliga meddelandehuvuden|oprindelige brevhoveder|opprinnelige meldingshoder):?/i,
  /^a summary of the undelivered message you sent follows/i,
  /^original mail as follows/i,
]

const HEADER_LINE = /^(?:Return-Path|Received|Message-ID|MIME-Version|Delivered-To|DKIM-Signature|From|Date)\s?:/i
const ANY_HEADER = /^(?:[A-Za-z][A-Za-z0-9-]{1,60}:|[ \t]+\S)/

/** The report's own lines, and the mail that came back as text (null where there is none). */
export function splitReturnedMail(lines: readonly string[]): { notice: string[]; returned: string | null } {
  const at = lines.findIndex((line, i) => isSeparator(line) || beginsHeaders(lines, i))
  if (at < 0) return { notice: [...lines], returned: null }
  return { notice: lines.slice(0, at), returned: lines.slice(at).join('\n') }
}

function isSeparator(line: string): boolean {
  const trimmed = line.trimStart().slice(0, 200)
  return trimmed !== '' && SEPARATORS.some((separator) => separator.test(trimmed))
}

/** A mail that is returned without any word before it: a header block with a Received or Return-Path line in front. */
function beginsHeaders(lines: readonly string[], i: number): boolean {
  const line = lines[i] ?? ''
  if (!/^(?:Return-Path|Received)\s?:/i.test(line)) return false
  let headers = 0
  for (let j = i; j < lines.length && j < i + 12; j++) {
    const next = lines[j] ?? ''
    if (!ANY_HEADER.test(next)) break
    if (HEADER_LINE.test(next)) headers++
  }
  return headers >= 2
}

const MESSAGE_ID = /^[ \t>]{0,8}(?:Original-)?Message-Id[ \t]{0,3}:\s{0,200}<?([^\s<>]{1,900})>?/im

/** The Message-ID in the source or the headers of a mail, or in the words of a report; null where none is told. */
export function messageIdIn(source: string | null): string | null {
  const match = source === null ? null : MESSAGE_ID.exec(source)
  return match?.[1]?.replace(/[,;]$/, '') ?? null
}
