/** What one inline style says about readable text. */
export interface StyleFacts {
  /** Not shown, nor anything inside. */
  hidden: boolean
  /** Its own text is not shown, but elements inside may show theirs: null where the style does not say. */
  unseen: boolean | null
  /** White space and line ends are kept; null where the style does not say. */
  preformatted: boolean | null
  /** Shown as a line in the text although the element is a block. */
  inline: boolean
  /** No blank line above or below a paragraph. */
  tight: boolean
  /** A line along the left side, as clients draw it beside quoted mails. */
  lineAtLeft: boolean
  /** Word's bullet or number of a list item, drawn by hand. */
  listMark: boolean
  /** The box around the header block (or around the whole quoted mail) of Outlook and Windows Mail. */
  quoteBorder: 'header' | 'mail' | null
}

type Properties = Map<string, string>

const MAX_STYLE = 4_000

export const NO_STYLE: StyleFacts = {
  hidden: false,
  unseen: null,
  preformatted: null,
  inline: false,
  tight: false,
  lineAtLeft: false,
  listMark: false,
  quoteBorder: null,
}

/** Reads a style attribute (CSS declarations, split at semicolons; the longest 4,000 characters of it). */
export function readStyle(style: string): StyleFacts {
  const css = propertiesOf(style.slice(0, MAX_STYLE))
  return {
    hidden: isHidden(css),
    unseen: isUnseen(css),
    preformatted: keepsWhitespace(css),
    inline: css.get('display')?.startsWith('inline') ?? false,
    tight: isZero(css.get('margin')) || (isZero(css.get('margin-top')) && isZero(css.get('margin-bottom'))),
    lineAtLeft: drawn(css, 'left'),
    listMark: css.get('mso-list') === 'ignore',
    quoteBorder: quoteBorderOf(css),
  }
}

function propertiesOf(style: string): Properties {
  const css: Properties = new Map()
  for (const declaration of style.split(';')) {
    const colon = declaration.indexOf(':')
    if (colon < 0) continue
    const value = declaration
      .slice(colon + 1)
      .trim()
      .toLowerCase()
    css.set(declaration.slice(0, colon).trim().toLowerCase(), value.replace('!important', '').trim())
  }
  return css
}

// 'mso-hide:all' alone is not among these: it hides from Outlook what every other client shows.
function isHidden(css: Properties): boolean {
  const clipped = css.get('overflow') === 'hidden'
  return (
    css.get('display') === 'none' ||
    isZero(css.get('max-height')) ||
    isZero(css.get('opacity')) ||
    (clipped && (isZero(css.get('height')) || isZero(css.get('width')) || isZero(css.get('max-width'))))
  )
}

function isUnseen(css: Properties): boolean | null {
  const visibility = css.get('visibility')
  if (visibility === 'hidden' || visibility === 'collapse') return true
  const size = css.get('font-size')
  if (size === undefined) return visibility === 'visible' ? false : null
  return isZero(size) || size === '1px'
}

function keepsWhitespace(css: Properties): boolean | null {
  const space = css.get('white-space')
  if (space === undefined) return null
  return space.startsWith('pre') || space === 'break-spaces'
}

function drawn(css: Properties, side: 'left' | 'top'): boolean {
  const all = `${css.get(`border-${side}`) ?? ''} ${css.get(`border-${side}-style`) ?? ''}`
  const width = css.get(`border-${side}-width`)
  return (all.includes('solid') || all.includes('dotted') || all.includes('dashed')) && !isZero(width)
}

/**
 * Outlook draws 'border-top: solid <colour> 1.0pt; padding: 3.0pt 0cm 0cm 0cm' around the header block of the quoted mail,
 * or 'border-left: solid blue 1.5pt; padding: 0cm 0cm 0cm 4.0pt' around all of it; Windows Mail 'border-top-width: 1px; padding-top: 5px'.
 * Word draws the author's own lines in the same way, but calls them para-border-div.
 */
function quoteBorderOf(css: Properties): 'header' | 'mail' | null {
  if (css.get('mso-element') === 'para-border-div') return null
  const padding = css.get('padding') ?? ''
  const top = css.get('border-top') ?? ''
  if (drawn(css, 'top') && hasThinLine(top) && (padding.startsWith('3.0pt') || padding.startsWith('3pt')))
    return 'header'
  if (drawn(css, 'top') && css.get('border-top-width') === '1px' && css.get('padding-top') === '5px') return 'header'
  const left = css.get('border-left') ?? ''
  if (left.includes('1.5pt') && (padding.endsWith('4.0pt') || padding.endsWith('4pt'))) return 'mail'
  return null
}

const hasThinLine = (border: string) => border.includes('1.0pt') || border.includes('1pt') || border.includes('1px')

/** '0', '0px', '0.0pt', '0cm 0cm 0cm 0cm'. */
function isZero(value: string | undefined): boolean {
  if (value === undefined || value === '') return false
  return value.split(' ').every((part) => part === '' || Number.parseFloat(part) === 0)
}
