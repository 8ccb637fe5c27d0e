/** What a mail's HTML may hold when it is shown. Data only: whatever stands in no list here is taken out. */

export const SAFE_ELEMENTS =
  `a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn
  div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby
  s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr`.split(/\s+/)

/** Elements that go with all that is in them; of others the text stays. */
export const DROPPED_WITH_CONTENT = `script style title textarea option select noscript template svg math iframe noembed
  noframes xml xmp plaintext object audio video`.split(/\s+/)

/** No class and no id: they would take the page's own styles, or stand in for its elements. */
export const SAFE_ATTRIBUTES: Record<string, string[]> = {
  '*': ['style', 'dir', 'lang', 'title', 'align', 'valign', 'width', 'height', 'bgcolor'],
  a: ['href', 'rel', 'target'],
  img: ['src', 'alt'],
  font: ['color', 'face', 'size'],
  ol: ['start', 'type', 'reversed'],
  ul: ['type'],
  li: ['value'],
  table: ['border', 'cellpadding', 'cellspacing'],
  td: ['colspan', 'rowspan', 'nowrap'],
  th: ['colspan', 'rowspan', 'nowrap', 'scope'],
  col: ['span'],
  colgroup: ['span'],
}

const COLOUR = '(?:#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\\([0-9.,%\\s/]{1,40}\\))'
const LENGTH = '(?:0|auto|[0-9]{0,3}(?:\\.[0-9]{1,4})?(?:px|pt|em|ex|rem|%|cm|mm|in))'
const FONT_SIZE =
  '(?:0|[0-9]{1,2}(?:\\.[0-9]{1,2})?(?:px|pt)|[0-3]?(?:\\.[0-9]{1,3})?r?em|[0-9]{1,3}%|x{0,2}-?(?:small|large)|medium|smaller|larger)'
const LINE = '(?:none|solid|dotted|dashed|double|groove|ridge|inset|outset)'
const WORD = '[a-z-]{2,20}'

const just = (pattern: string) => [new RegExp(`^${pattern}$`, 'iu')]
const upTo4 = (pattern: string) => just(`${pattern}(?:\\s+${pattern}){0,3}`)

const BORDER = just(`(?:${LENGTH}|${LINE}|${COLOUR})(?:\\s+(?:${LENGTH}|${LINE}|${COLOUR})){0,2}`)
const LENGTHS = upTo4(LENGTH)

/**
 * Properties that change how a mail looks, but not where it stands: no position, float, z-index, transform, negative margin, nor
 * url(); lengths have three digits at most.
 */
export const SAFE_STYLES: Record<string, RegExp[]> = {
  color: just(COLOUR),
  background: just(COLOUR),
  'background-color': just(COLOUR),
  border: BORDER,
  'border-top': BORDER,
  'border-right': BORDER,
  'border-bottom': BORDER,
  'border-left': BORDER,
  'border-color': upTo4(COLOUR),
  'border-style': upTo4(LINE),
  'border-width': LENGTHS,
  'border-radius': LENGTHS,
  'border-collapse': just(WORD),
  'border-spacing': LENGTHS,
  direction: just('(?:ltr|rtl)'),
  display: just('(?:none|block|inline|inline-block|table|table-row|table-cell|list-item)'),
  'font-family': just('[\\p{L}0-9\\s,\'"_-]{1,200}'),
  'font-size': just(FONT_SIZE),
  'font-style': just(WORD),
  'font-variant': just(WORD),
  'font-weight': just('(?:[a-z]{4,8}|[1-9]00)'),
  'line-height': just('(?:normal|[0-9]{1,3}%|[0-9]{1,2}(?:\\.[0-9]{1,4})?(?:px|pt|em)?)'),
  'list-style-type': just(WORD),
  margin: LENGTHS,
  'margin-top': LENGTHS,
  'margin-right': LENGTHS,
  'margin-bottom': LENGTHS,
  'margin-left': LENGTHS,
  'max-height': LENGTHS,
  'max-width': LENGTHS,
  opacity: just('[01]?(?:\\.[0-9]{1,3})?'),
  overflow: just('hidden'),
  'overflow-wrap': just(WORD),
  padding: LENGTHS,
  'padding-top': LENGTHS,
  'padding-right': LENGTHS,
  'padding-bottom': LENGTHS,
  'padding-left': LENGTHS,
  'text-align': just(WORD),
  'text-decoration': just(WORD),
  'text-transform': just(WORD),
  'vertical-align': just(WORD),
  visibility: just('(?:visible|hidden)'),
  'white-space': just(WORD),
  width: LENGTHS,
  'word-break': just(WORD),
  'word-wrap': just(WORD),
}

/** Attributes that make a browser load something as soon as the mail is shown. */
export const LOADING_ATTRIBUTES = [
  'src',
  'srcset',
  'background',
  'poster',
  'data',
  'lowsrc',
  'dynsrc',
  'code',
  'archive',
]

/** Images that are part of the mail itself. SVG is not among them: it can hold scripts and load more. */
export const SAFE_DATA_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp|bmp|avif);base64,[a-z0-9+/=\s]*$/i
