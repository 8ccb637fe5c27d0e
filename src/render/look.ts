/** The colours of one brand's mails, as CSS has them: '#rrggbb'. Each text keeps 4.5:1 against what is behind it (WCAG 2.2, 1.4.3). */
export interface Look {
  button: string
  onButton: string
  /** The button's outline: the button itself, unless that could not be told from the paper. */
  edge: string
  /** Links on light paper, and on dark. */
  link: string
  darkLink: string
  darkEdge: string
}

type Rgb = readonly [number, number, number]

const ENOUGH = 4.5
/** From where on a button can be told from what is behind it; its words say what it is (WCAG 2.2, 1.4.11, asks 3 where none do). */
const SEEN = 1.15
const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]
/** The darkest light paper, and the lightest dark one: what is readable there is readable on all of templates/mail/layout.hbs. */
const LIGHT_PAPER: Rgb = [0xf2, 0xf4, 0xf7]
const DARK_PAPER: Rgb = [0x29, 0x2d, 0x33]

const looks = new Map<string, Look>()

/** The colours for a brand's own ('#1f5fd0'). A brand's colour may be any: where it cannot be read, a darker or lighter one is used. */
export function lookOf(color: string): Look {
  const known = looks.get(color)
  if (known) return known
  const rgb = read(color)
  const button = hex(rgb)
  const look = {
    button,
    onButton: contrast(rgb, WHITE) >= ENOUGH ? '#ffffff' : '#000000',
    edge: contrast(rgb, LIGHT_PAPER) >= SEEN ? button : '#667080',
    link: hex(towards(rgb, BLACK, LIGHT_PAPER)),
    darkLink: hex(towards(rgb, WHITE, DARK_PAPER)),
    darkEdge: contrast(rgb, DARK_PAPER) >= SEEN ? button : '#a3abb6',
  }
  looks.set(color, look)
  return look
}

/** The first step from a colour towards black or white that can be read on the paper. */
function towards(from: Rgb, to: Rgb, paper: Rgb): Rgb {
  for (let step = 0; step < 20; step += 1) {
    const mixed = mix(from, to, step / 20)
    if (contrast(mixed, paper) >= ENOUGH) return mixed
  }
  return to
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share)
  return [at(0), at(1), at(2)]
}

function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** Relative luminance of sRGB (WCAG 2.2). */
function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) => (value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function read(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16)
  if (!/^#[0-9a-f]{6}$/i.test(color)) throw new Error(`'${color}' is no colour of the form '#1f5fd0'`)
  return [value >> 16, (value >> 8) & 0xff, value & 0xff]
}

function hex(rgb: Rgb): string {
  return `#${rgb.map((it) => it.toString(16).padStart(2, '0')).join('')}`
}
