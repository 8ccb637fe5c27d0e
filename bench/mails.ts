/**
 * Mails for benchmarks and the crash test: mixed as a support mailbox sees them, the same for the same seed.
 * Text, HTML with history, 15 % with attachments of 40 to 300 KB, and a share of answers to earlier mails of the same sender.
 */
export interface MadeMail {
  messageId: string
  from: string
  /** The Message-ID of the mail that it answers, or null. */
  answers: string | null
  raw: Buffer
}

export interface MailMix {
  /** 0 to 1. */
  replies: number
  attachments: number
}

export const ORDINARY_MIX: MailMix = { replies: 0.4, attachments: 0.15 }

export function makeMails(count: number, seed = 1, mix: MailMix = ORDINARY_MIX, to = 'support@acme.test'): MadeMail[] {
  const random = mulberry(seed)
  const made: MadeMail[] = []
  for (let i = 0; i < count; i++) made.push(makeMail(i, seed, random, mix, to, made))
  return made
}

function makeMail(
  i: number,
  seed: number,
  random: () => number,
  mix: MailMix,
  to: string,
  before: MadeMail[],
): MadeMail {
  const earlier = random() < mix.replies ? before[Math.floor(random() * before.length)] : undefined
  const from = earlier?.from ?? `customer${Math.floor(random() * 400)}@customer${Math.floor(random() * 40)}.test`
  const messageId = `m${i}.${seed}@${from.split('@')[1]}`
  const body = bodyOf(i, random, earlier !== undefined)
  const attached = random() < mix.attachments ? attachmentOf(i, random) : null
  const headers = [
    `Received: from mx.${from.split('@')[1]} by mail.acme.test with ESMTPS; Fri, 20 Nov 2026 10:00:00 +0100`,
    `From: =?utf-8?Q?S=C3=B8ren_${i}?= <${from}>`,
    `To: Support <${to}>`,
    `Subject: ${earlier ? 'SV: ' : ''}=?utf-8?Q?Printeren_d=C3=B8de_igen_${i}?=`,
    `Message-ID: <${messageId}>`,
    ...(earlier ? [`In-Reply-To: <${earlier.messageId}>`, `References: <${earlier.messageId}>`] : []),
    'Date: Fri, 20 Nov 2026 10:00:00 +0100',
    'MIME-Version: 1.0',
  ]
  return { messageId, from, answers: earlier?.messageId ?? null, raw: Buffer.from(assemble(headers, body, attached)) }
}

interface Body {
  text: string
  html: string | null
}

function bodyOf(i: number, random: () => number, isReply: boolean): Body {
  const words = `Hej support\r\n\r\nSag ${i}: printeren på kontoret skriver ikke ud mere, og ændringen hjalp ikke. ${'Vi har prøvet at genstarte den. '.repeat(2 + Math.floor(random() * 8))}\r\n\r\nMed venlig hilsen\r\nSøren`
  const history = isReply
    ? `\r\n\r\nDen fre. 20. nov. 2026 kl. 09.00 skrev Acme Support <support@acme.test>:\r\n${'> Har du prøvet at slukke for den og tænde den igen?\r\n'.repeat(5 + Math.floor(random() * 20))}`
    : ''
  const html =
    random() < 0.6
      ? `<html><body><div>${words.replaceAll('\r\n', '<br>\r\n')}</div>${isReply ? `<div class="gmail_quote"><div class="gmail_attr">Den fre. 20. nov. 2026 kl. 09.00 skrev Acme Support &lt;support@acme.test&gt;:<br></div><blockquote class="gmail_quote">${'<p>Har du prøvet at slukke for den?</p>'.repeat(10 + Math.floor(random() * 40))}</blockquote></div>` : ''}</body></html>`
      : null
  return { text: words + history, html }
}

function attachmentOf(i: number, random: () => number): { name: string; base64: string } {
  const size = 40_000 + Math.floor(random() * 260_000)
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += 4) bytes.writeUInt32LE(Math.floor(random() * 0xffffffff), Math.min(at, size - 4))
  return { name: `skærm ${i}.png`, base64: bytes.toString('base64').replace(/.{76}/g, '$&\r\n') }
}

function assemble(headers: string[], body: Body, attached: { name: string; base64: string } | null): string {
  const text = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body.text}`
  const html =
    body.html && `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body.html}`
  const words = html ? multipart('alternative', 'alt', [text, html]) : text
  if (!attached) return `${headers.join('\r\n')}\r\n${words}\r\n`
  const name = `utf-8''${encodeURIComponent(attached.name)}`
  const file = `Content-Type: image/png\r\nContent-Disposition: attachment; filename*=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${attached.base64}`
  return `${headers.join('\r\n')}\r\n${multipart('mixed', 'mix', [words, file])}\r\n`
}

function multipart(kind: string, boundary: string, parts: string[]): string {
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--`
}

/** A small seeded generator (mulberry32): 0 to 1. */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
