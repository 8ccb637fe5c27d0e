/** What ends a line, hides text or turns its direction: none of it has a place in a name, a subject or a header. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu
/** The control characters that a mail's text must not have; tab and line feed are welcome. */
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f]/g
const MOST_IN_NAME = 80
const MOST_IN_SUBJECT = 120
/** Characters of what a server said. */
export const MOST_REASON = 500
const LINK = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S*|\bwww\.\S+|\bmailto:\S+/gi
/** 'evil.example/x' without a scheme: mail clients make links of it. A file's name looks the same and may stay. */
const BARE_LINK = /(?<![\w@.-])(?:[\p{L}\p{N}-]+\.)+\p{L}{2,24}(?:[/?#:]\S*)?(?![\w-])/giu
const FILE_NAME = /\.(?:docx?|xlsx?|pptx?|pdf|txt|csv|jpe?g|png|gif|tiff?|exe|log|xml|json|html?|eml|msg)$/i

/** One line without anything unseen: for names, subjects and file names. Lone surrogates become U+FFFD. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(UNSEEN, ' ').replace(/ {2,}/g, ' ').trim()
}

/** A person's name as it may stand in a mail: one line, at most 80 characters. */
export function cleanName(name: string): string {
  return shorten(oneLine(name), MOST_IN_NAME)
}

/** A text as it may stand in a body: its lines as they are, without control characters. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(CONTROLS, '')
}

/**
 * A case's title as it stands in subjects, the same in all mails of the case so that clients thread them.
 * No links and at most 120 characters: a receipt goes to whoever was named as the sender, who may never have written.
 */
export function subjectTitle(title: string): string {
  const bare = oneLine(title).replace(LINK, '…').replace(BARE_LINK, keepFileName)
  return shorten(oneLine(bare), MOST_IN_SUBJECT) || '…'
}

function keepFileName(found: string): string {
  return FILE_NAME.test(found) ? found : '…'
}

/** At most `most` UTF-16 units, with an ellipsis where something was cut, and no half character. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text
    .slice(0, most - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`
}
