import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { chromium as playwright } from 'playwright-core'
import { inTheme, makePreviews, previewSource } from '../../src/cli/mail-preview.ts'

/** Makes the picture of the README anew: `npm run picture`. */
const SHOWN = [
  { kind: 'agent-digest', theme: 'light' },
  { kind: 'solution-proposed', theme: 'dark' },
  { kind: 'customer-digest', theme: 'light' },
] as const
const [WIDTH, HEIGHT] = [400, 640]

const { mails } = makePreviews(previewSource({}))
const frames = SHOWN.map(({ kind, theme }) => {
  const html = mails.find((it) => it.kind === kind && it.language === 'en')?.html ?? ''
  return `<iframe srcdoc="${inTheme(html, theme).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
})
const page = `<style>
body{margin:0;padding:24px;display:flex;gap:24px;background:#d5dae1}
iframe{width:${WIDTH}px;height:${HEIGHT}px;border:0;border-radius:12px;box-shadow:0 2px 12px #0004;background:#fff}
</style>${frames.join('')}`
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: [...chromium.args, '--hide-scrollbars'],
  headless: true,
})
try {
  const size = { width: SHOWN.length * (WIDTH + 24) + 24, height: HEIGHT + 48 }
  const tab = await browser.newPage({ viewport: size })
  await tab.setContent(page, { waitUntil: 'load' })
  const picture = await tab.screenshot()
  writeFileSync(join(import.meta.dirname, '../../templates/mail/preview.png'), picture)
  process.stdout.write(`templates/mail/preview.png, ${picture.length} bytes\n`)
} finally {
  await browser.close()
}
