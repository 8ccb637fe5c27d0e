import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDemo, openPage } from '../../src/demo/demo.ts'

describe('the page of the demo, in a browser', () => {
  let browser: Browser
  let page: Page
  let demo: Awaited<ReturnType<typeof openDemo>>
  let site: Awaited<ReturnType<typeof openPage>>
  beforeAll(async () => {
    demo = await openDemo()
    site = await openPage(demo.app, demo.sandbox, 0)
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args,
      headless: true,
    })
    page = await browser.newPage()
  })
  afterAll(async () => {
    await browser.close()
    await site.close()
    await demo.close()
  })

  it('writes a mail as anybody, which becomes a case', async () => {
    await page.goto(`${site.url}?box=kim@fjordbyg.example`)
    await page.fill('[name=subject]', '<b>Skærmen</b> er sort')
    await page.fill('[name=text]', 'Hej\n\nDen er helt sort. <script>document.title = "owned"</script>')
    await page.click('button')
    await demo.sandbox.waitForMail('anna.holm@private.example', () => true)
    await page.goto(`${site.url}?box=anna.holm@private.example`)
    await page.click('section li a')
    expect(await page.textContent('h2 >> nth=1')).toBe('[#1] <b>Skærmen</b> er sort')
    expect(await page.frameLocator('iframe').locator('body').innerText()).toContain('Den er helt sort. <script>')
    expect(await page.title()).toBe('Posthorn demo')
  })

  it('answers the open mail, and the customer gets it', async () => {
    await page.fill('[name=text]', 'Tænd for den.')
    await page.click('button')
    await demo.sandbox.waitForMail('kim@fjordbyg.example', ({ raw }) =>
      /^From: "?Anna, Acme/m.test(raw.toString('latin1')),
    )
    await page.goto(`${site.url}?box=kim@fjordbyg.example`)
    await page.click('section li a')
    expect(await page.frameLocator('iframe').locator('body').innerText()).toContain('Tænd for den.')
  })

  it('takes no mail from a form on another site', async () => {
    const answer = await fetch(site.url, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
      body: new URLSearchParams({ from: 'kim@fjordbyg.example', text: 'x' }),
    })
    expect(answer.status).toBe(405)
  })
})
