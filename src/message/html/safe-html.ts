import sanitize from 'sanitize-html'
import { textOfLines } from '../line.ts'
import { nestsTooDeep } from './nesting-parser.ts'
import {
  DROPPED_WITH_CONTENT,
  LOADING_ATTRIBUTES,
  SAFE_ATTRIBUTES,
  SAFE_DATA_IMAGE,
  SAFE_ELEMENTS,
  SAFE_STYLES,
} from './safe-markup.ts'
import { linesOfHtml } from './to-lines.ts'

/** Longer HTML, and what nests deeper than 512 elements, is shown as its text: there the sanitiser's time grows faster than the mail. */
export const MAX_SHOWN_HTML = 1_000_000

/** Elements nested deeper lose their tags, not their text. */
const MAX_SHOWN_NESTING = 200

export interface SafeHtmlOptions {
  /** The address at which the image with this Content-ID (without angle brackets) can be shown, or null where there is none. */
  inlineImage?: (contentId: string) => string | null
}

export interface SafeHtml {
  html: string
  /** How many images, frames, style sheets and other things from elsewhere were not loaded. */
  blockedRemote: number
}

type Attributes = Record<string, string>

/**
 * A mail's HTML for showing it within a page: a fragment without scripts, forms, frames, remote loads, classes, ids and styles that
 * reach outside; links open elsewhere and lead only to http, https and mailto addresses; images are shown where they came with the
 * mail (cid: by way of `inlineImage`, or data:). The original is not changed. Never throws on bad HTML.
 */
export function safeHtml(html: string, options: SafeHtmlOptions): SafeHtml {
  if (html.length > MAX_SHOWN_HTML || nestsTooDeep(html)) return { html: shownAsText(html), blockedRemote: 0 }
  let blockedRemote = 0
  const shown = sanitize(html, {
    allowedTags: SAFE_ELEMENTS,
    allowedAttributes: SAFE_ATTRIBUTES,
    allowedStyles: { '*': SAFE_STYLES },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['http', 'https', 'data'] },
    allowProtocolRelative: false,
    nonTextTags: DROPPED_WITH_CONTENT,
    nestingLimit: MAX_SHOWN_NESTING,
    onOpenTag: (name, attributes) => {
      blockedRemote += remoteLoads(name, attributes)
    },
    transformTags: {
      '*': (tagName, attributes) => ({ tagName, attribs: withoutHugeSizes(attributes) }),
      a: (tagName, attributes) => ({ tagName, attribs: safeLink(attributes) }),
      img: (tagName, attributes) => ({ tagName, attribs: safeImage(attributes, options.inlineImage) }),
    },
  })
  return { html: shown, blockedRemote }
}

function shownAsText(html: string): string {
  return `<pre>${escaped(textOfLines(linesOfHtml(html)))}</pre>`
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

function remoteLoads(name: string, attributes: Attributes): number {
  const loads = LOADING_ATTRIBUTES.filter((attribute) => isRemote(attributes[attribute])).length
  const sheet = name === 'link' && isRemote(attributes.href) ? 1 : 0
  const styled = (attributes.style?.toLowerCase().split('url(').length ?? 1) - 1
  return loads + sheet + styled
}

/** Anything but what the mail brought along: other schemes are blocked without being counted. */
function isRemote(address: string | undefined): boolean {
  return address !== undefined && /^(?:https?:|\/\/|ftp:)/i.test(address.trim())
}

function safeLink({ href, ...others }: Attributes): Attributes {
  const { rel: _rel, target: _target, ...kept } = others
  const address = href?.trim() ?? ''
  // what is relative would lead into the page that shows the mail
  if (!/^(?:https?:\/\/|mailto:)/i.test(address)) return kept
  return { ...kept, href: address, rel: 'noopener noreferrer nofollow', target: '_blank' }
}

function safeImage({ src, ...others }: Attributes, inlineImage: SafeHtmlOptions['inlineImage']): Attributes {
  const address = src?.trim() ?? ''
  if (SAFE_DATA_IMAGE.test(address)) return { ...others, src: address }
  if (!/^cid:/i.test(address)) return others
  const shown = inlineImage?.(contentIdOf(address)) ?? null
  return shown === null ? others : { ...others, src: shown }
}

/** RFC 2392: the Content-ID stands percent-encoded behind 'cid:'. */
function contentIdOf(address: string): string {
  const encoded = address.slice(4).replace(/^<|>$/g, '')
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded // a percent sign that encodes nothing stands for itself
  }
}

/** A layout's own widths stay; one that would tear the page apart does not. */
function withoutHugeSizes(attributes: Attributes): Attributes {
  const huge = SIZES.filter((name) => !isModest(attributes[name]))
  return huge.length === 0
    ? attributes
    : Object.fromEntries(Object.entries(attributes).filter(([name]) => !huge.includes(name)))
}

const SIZES = ['width', 'height', 'border', 'cellpadding', 'cellspacing', 'colspan', 'rowspan', 'span']
const MAX_SIZE = 2_000

function isModest(size: string | undefined): boolean {
  return (
    size === undefined ||
    (/^\s*\d{1,4}(?:\.\d{1,3})?(?:px|%|\*)?\s*$/.test(size) && Number.parseFloat(size) <= MAX_SIZE)
  )
}
