/** Prefixes that clients put before an answered or forwarded subject, in the languages that reach us. */
const PREFIX = /^\s*(?:re|sv|vs|vl|aw|antw|wg|fw|fwd|vb|ref|rv|tr|rif|odp|pd)\s?(?:\[\d{1,3}\])?\s?[:：]\s*/i
const OWN_TAG = /^\s*\[#\d{1,12}\]\s*/
const MOST = 250

/** A case's title from a mail's subject: without 'Re:' and its kin and without our own number, one line, at most 250 characters. */
export function titleOf(subject: string, text: string): string {
  let title = subject.replace(/\s+/g, ' ').trim()
  for (let before = ''; before !== title; ) {
    before = title
    title = title.replace(PREFIX, '').replace(OWN_TAG, '')
  }
  const firstLine = text.split('\n', 20).find((line) => line.trim() !== '') ?? ''
  return cut(title || firstLine.trim() || '–')
}

function cut(title: string): string {
  if (title.length <= MOST) return title
  return `${title.slice(0, MOST - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
