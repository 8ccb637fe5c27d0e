import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { makePreviews, previewSource } from '../../src/cli/mail-preview.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { EXAMPLES } from '../../src/render/examples.ts'
import { KINDS, loadTemplates } from '../../src/render/load.ts'
import { lookOf } from '../../src/render/look.ts'
import { renderNotice } from '../../src/render/render.ts'
import { BUILT_IN } from '../support/templates.ts'

const templates = loadTemplates([BUILT_IN])
const COLORS = ['#1f5fd0', '#000000', '#ffffff', '#ffdd00', '#808080', '#00a86b', '#292d33', '#e30613']

/** What a mail looks like wrong: wider than its window, or texts with too little contrast. A function for the browser. */
const FAULTS = `(() => {
  const rgb = (css) => { const [r, g, b, a = 1] = css.match(/[\\d.]+/g).map(Number); return { r, g, b, a } }
  const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)
  const light = ({ r, g, b }) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const behind = (el) => {
    for (let at = el; at; at = at.parentElement) { const it = rgb(getComputedStyle(at).backgroundColor); if (it.a === 1) return it }
    return rgb('rgb(255, 255, 255)')
  }
  const root = document.documentElement
  const faults = root.scrollWidth > root.clientWidth ? ['is ' + root.scrollWidth + ' wide'] : []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  let seen = 0
  while (texts.nextNode()) {
    const el = texts.currentNode.parentElement
    const text = texts.currentNode.data.trim()
    if (!text || !el.checkVisibility({ opacityProperty: true })) continue
    seen += 1
    const [a, b] = [light(rgb(getComputedStyle(el).color)), light(behind(el))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (contrast < 4.5) faults.push(contrast.toFixed(2) + ' ' + text.slice(0, 40))
    const range = document.createRange()
    range.selectNodeContents(texts.currentNode)
    if (range.getBoundingClientRect().right > root.clientWidth) faults.push('beyond the edge: ' + text.slice(0, 40))
  }
  return seen > 3 ? faults : ['nothing to read']
})()`

describe.each(['light', 'dark'] as const)('in a narrow window, %s', (colorScheme) => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    const executablePath = await chromium.executablePath()
    browser = await playwright.launch({ executablePath, args: chromium.args, headless: true })
    page = await browser.newPage({ viewport: { width: 360, height: 640 }, colorScheme })
  })
  afterAll(async () => {
    await browser.close()
  })

  async function faultsOf(html: string): Promise<string[]> {
    await page.setContent(html)
    return await page.evaluate(FAULTS)
  }

  it('every mail fits, and all of it can be read', async () => {
    const { mails, problems } = makePreviews(previewSource({}))
    expect(problems).toEqual([])
    expect(mails.length).toBe(KINDS.length * LANGUAGES.length)
    // Each kind in one language: the layout is the same in all.
    const chosen = mails.filter(({ kind, language }) => language === LANGUAGES[KINDS.indexOf(kind) % 4])
    for (const { kind, language, html } of chosen)
      expect([kind, language, await faultsOf(html)]).toEqual([kind, language, []])
  })

  it('a brand of any colour can be read, with a logo and without', async () => {
    for (const [at, color] of COLORS.entries()) {
      const view = EXAMPLES['solution-proposed']
      const logo = at % 2 === 0 ? null : view.brand.logo
      const html = renderNotice(templates, { ...view, brand: { ...view.brand, color, logo } }, 'en').html
      expect([color, await faultsOf(html)]).toEqual([color, []])
    }
  })

  it('long words and addresses break', async () => {
    const long = 'Æ'.repeat(2_000)
    const url = `https://intra.acme.example/${'x'.repeat(2_000)}`
    const view = EXAMPLES['case-opened']
    const name = 'Æ'.repeat(80)
    const html = renderNotice(
      templates,
      {
        ...view,
        brand: { ...view.brand, name, logo: null, signature: long, supportContact: url },
        case: { ...view.case, title: long, subject: long, contact: long },
        comment: {
          ...view.comment,
          author: long,
          text: `${url}\n${long}`,
          held: long,
          missing: [{ filename: long, size: 1 }],
        },
      },
      'sv',
    ).html
    expect(await faultsOf(html)).toEqual([])
  })
})

describe('the HTML of a mail', () => {
  const { html } = renderNotice(templates, EXAMPLES['comment-added'], 'da')

  test('shows the preheader in the list of mails and nothing behind it', () => {
    const hidden = /<div style="display:none;[^"]*"[^>]*>([^<]*)<\/div>/.exec(html)?.[1] ?? ''
    expect(hidden).toContain(EXAMPLES['comment-added'].comment.start.slice(0, 16))
    expect(hidden).toMatch(/(?:&#847;&zwnj;&nbsp;&#8199;&shy; ){50}$/)
    expect(html.indexOf(hidden)).toBeLessThan(html.indexOf('<table'))
  })

  test('begins with the reply marker: nothing that is seen stands above it', () => {
    const seen = html
      .replace(/<head>.*<\/head>|<div style="display:none.*?<\/div>|<!--.*?-->/gs, '')
      .replace(/<[^>]*>/g, ' ')
    expect(seen.trim()).toMatch(/^##- Skriv dit svar over denne linje -##/)
  })

  test('needs no style sheet but for dark mode: all colours and sizes stand on the elements', () => {
    const sheets = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map((match) => match[1] ?? '')
    for (const rule of sheets.join('\n').matchAll(/^\s*[^{}@\n]+\{([^}]+)\}/gm))
      expect(rule[1]).toMatch(/!important|color-scheme|mso-|border-collapse/)
    for (const [cell] of html.matchAll(/<td class="(?:side|said)[^>]*>/g)) expect(cell).toMatch(/style="[^"]*padding:/)
  })

  test('lays out with tables that are none to a screen reader', () => {
    const tables = html.match(/<table\b[^>]*>/g) ?? []
    expect(tables.length).toBeGreaterThan(3)
    for (const table of tables) expect(table).toContain('role="presentation"')
  })

  test('has the brand’s logo with its name for whoever sees no images', () => {
    expect(html).toContain(
      '<img src="https://support.acme.example/logo.png" width="120" height="32" alt="Acme Support"',
    )
  })

  test('has buttons that Outlook paints: a cell with a colour and padding', () => {
    const { html: withButton } = renderNotice(templates, EXAMPLES.welcome, 'en')
    expect(withButton).toMatch(
      /<td class="button"[^>]* bgcolor="#1f5fd0" style="[^"]*mso-padding-alt:12px 24px;"><a href=/,
    )
  })

  test('has no gap where a brand has no signature', () => {
    const view = EXAMPLES['comment-added']
    const mail = renderNotice(templates, { ...view, brand: { ...view.brand, signature: '' } }, 'da')
    expect(mail.text).toMatch(/\n-- \n\S/)
    expect(mail.html).not.toMatch(/<td class="side ink"[^>]*><\/td>/)
  })

  test('leads to what the reader can choose, where there is something', () => {
    expect(html).toContain('href="https://support.acme.example/settings/p1"')
    const none = renderNotice(templates, { ...EXAMPLES['comment-added'], settings: null }, 'da')
    expect([none.html, none.text].filter((it) => it.includes('/settings/'))).toEqual([])
  })
})

test('a brand’s colour is used as it is where it can be read', () => {
  const { button, onButton, link } = lookOf('#1f5fd0')
  expect([button, onButton, link]).toEqual(['#1f5fd0', '#ffffff', '#1f5fd0'])
  expect(lookOf('#ffdd00')).toMatchObject({ button: '#ffdd00', onButton: '#000000' })
  expect(lookOf('#ffffff').edge).not.toBe('#ffffff')
  expect(() => lookOf('red')).toThrow("'red' is no colour")
})
