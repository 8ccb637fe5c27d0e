const LOCAL = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-\u0080-\uffff]/
const DOMAIN = /[A-Za-z0-9.\-\u0080-\uffff]/
const LOCAL_LIMIT = 128
const DOMAIN_LIMIT = 253

/**
 * Every mail address in a piece of a report, in order, as it is written there. Looks left and right of each '@',
 * so the time is linear whatever the text is; a source route (`@relay:user@host`) gives its last address.
 */
export function addressesIn(text: string): string[] {
  const found: string[] = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const address = addressAround(text, at)
    if (address) found.push(address)
  }
  return found
}

/** The first address in the text, or null. */
export function addressIn(text: string): string | null {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const address = addressAround(text, at)
    if (address) return address
  }
  return null
}

function addressAround(text: string, at: number): string | null {
  let start = at
  while (start > 0 && at - start < LOCAL_LIMIT && LOCAL.test(text[start - 1] ?? '')) start--
  let end = at + 1
  while (end < text.length && end - at <= DOMAIN_LIMIT && DOMAIN.test(text[end] ?? '')) end++
  const local = localPart(text, start, at)
  const domain = text.slice(at + 1, end).replace(/[.-]{1,253}$/, '')
  if (local === '' || domain === '' || domain.startsWith('.')) return null
  return `${local}@${domain}`
}

/** Takes off what stands before an address without a space: `SMTP=kim@…`, an opening quote, a leading dot. */
function localPart(text: string, start: number, at: number): string {
  if (start === at && text[at - 1] === '"') {
    const open = text.lastIndexOf('"', at - 2)
    return open >= 0 && at - open < LOCAL_LIMIT ? text.slice(open, at) : ''
  }
  return text
    .slice(start, at)
    .replace(/^[`'{.]{1,9}/, '')
    .replace(/^(?:SMTP|RFC822|to)=/i, '')
}
