import type { MailSource } from '../../src/message/source.ts'

/** Runs in the parser's worker before each mail, for tests alone: a mail that says so in its subject misbehaves. */
export async function beforeParse(source: MailSource): Promise<void> {
  const text = source instanceof Uint8Array ? Buffer.from(source).toString('latin1') : ''
  if (text.includes('Subject: hang')) for (;;) Math.sqrt(2)
  if (text.includes('Subject: wait')) await new Promise(() => setTimeout(() => undefined, 3_600_000))
  if (text.includes('Subject: eat')) eat()
  if (text.includes('Subject: crash')) process.exit(7)
}

function eat(): void {
  const eaten: unknown[] = []
  for (;;) eaten.push(Array.from({ length: 1_000 }, (_, i) => `${i}`))
}
