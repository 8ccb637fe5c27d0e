import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'

const taken = new Map<string, number>()

/**
 * Pictures of a page at 360 and 1200 pixels, where somebody wants to look at them: in the folder POSTHORN_PICTURES, numbered
 * within `name`. The page is as wide afterwards as it was before.
 */
export async function takePictures(page: Page, name: string): Promise<void> {
  const folder = process.env.POSTHORN_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  const number = (taken.get(name) ?? 0) + 1
  taken.set(name, number)
  const before = page.viewportSize()
  for (const width of [360, 1200]) {
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: `${folder}/${name}-${String(number).padStart(2, '0')}-${width}.png`, fullPage: true })
  }
  if (before) await page.setViewportSize(before)
}
