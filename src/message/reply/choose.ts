import type { Parsed } from '../parsed.ts'
import { type ReplyParts, SURE } from './parts.ts'

/** Markup that can tell more than the plain text does; without it the HTML part is not read at all. */
const QUOTE_MARKUP = /<blockquote|quote|divRplyFwdMsg|appendonsend|OutlookMessageHeader|moz-cite|border-(?:top|left)/i

/** Plain text no longer than this may be a stub: 'Your client does not show HTML'. */
const LONGEST_STUB = 400
const STUB_RATIO = 3

interface Readers {
  plain: (text: string) => ReplyParts
  html: (html: string) => ReplyParts
}

/**
 * The parts of the plain text, which people read and answer; of the HTML where there is no plain text, where it is a
 * stub, or where its markup finds a quote that the plain text does not show.
 */
export function chooseParts({ plain, html }: Pick<Parsed, 'plain' | 'html'>, read: Readers): ReplyParts {
  if (html === null || html.trim() === '') return read.plain(plain ?? '')
  if (plain === null || plain.trim() === '') return read.html(html)
  const ofPlain = read.plain(plain)
  const cut = ofPlain.quoted !== ''
  if (plain.length > LONGEST_STUB && ((cut && ofPlain.confidence >= SURE) || !QUOTE_MARKUP.test(html))) return ofPlain
  const ofHtml = read.html(html)
  if (isStub(plain, ofHtml.text)) return ofHtml
  const surer = ofHtml.quoted !== '' && ofHtml.reply !== '' && ofHtml.confidence > (cut ? ofPlain.confidence : 0)
  return surer ? ofHtml : ofPlain
}

/** Short beside the HTML, and not what the HTML says. */
function isStub(plain: string, html: string): boolean {
  const [words, shown] = [plain.trim(), html.trim()]
  if (words.length > LONGEST_STUB || shown.length < words.length * STUB_RATIO) return false
  const bare = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '')
  return !bare(shown).includes(bare(words).slice(0, 40))
}
