import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPages, PAGE_EXAMPLES } from '../../src/render/pages.ts'

const pages = loadPages([join(import.meta.dirname, '../../templates')])

describe('the web pages', () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args,
      headless: true,
    })
    page = await browser.newPage()
  })
  afterAll(async () => {
    await browser.close()
  })

  it.each((['light', 'dark'] as const).flatMap((colorScheme) => [360, 1200].map((width) => ({ colorScheme, width }))))(
    'can be used by everybody, $width pixels wide and $colorScheme',
    async ({ colorScheme, width }) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      for (const view of Object.values(PAGE_EXAMPLES)) {
        await page.setContent(pages.render(view, 'nb'))
        await page.evaluate(axe.source)
        const { violations, passes } = (await page.evaluate('axe.run()')) as AxeResults
        const found = violations.map(({ id, nodes }) => `${view.kind}: ${id}: ${nodes.map((it) => it.html).join(' ')}`)
        expect(found).toEqual([])
        expect(passes.map(({ id }) => id)).toContain('color-contrast')
        const tooWide = await page.evaluate(
          'document.documentElement.scrollWidth > document.documentElement.clientWidth',
        )
        expect([view.kind, tooWide]).toEqual([view.kind, false])
      }
    },
  )
})
