import { createHash } from 'node:crypto'

/** The source by which a Content-Security-Policy lets the one stylesheet of a template in. Throws where there is none. */
export function styleSource(file: string, template: string): string {
  const style = /<style>([^<]*)<\/style>/.exec(template)?.[1]
  if (style === undefined) throw new Error(`${file}: there is no <style> without attributes`)
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`
}
