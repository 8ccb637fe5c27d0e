import type { CaseSummary } from '../cases/view.ts'
import { safeHtml } from '../message/html/safe-html.ts'
import type { Message } from '../message/message.ts'
import type { Address } from '../model/address.ts'

/** No script anywhere; a mail's HTML lives in a sandboxed frame of this server, and loads nothing from elsewhere. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'"
export const FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'; base-uri 'none'"

export interface PageView {
  boxes: Address[]
  /** Whose mailbox is shown. */
  who: string
  /** HTML, by listOf and mailOf. */
  list: string
  mail: string
  /** The mail that is open: the form answers it. */
  answer: { uid: number; message: Message } | null
  support: string
  cases: CaseSummary[]
}

/** The whole page. Everything that people wrote is escaped here. */
export function shell(view: PageView): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Posthorn demo</title><style>${STYLE}</style></head><body>
<header><h1>Posthorn demo</h1><nav>${view.boxes.map((box) => `<a href="/?box=${encodeURIComponent(box.address)}"${box.address === view.who ? ' aria-current="page"' : ''}>${escaped(box.name ?? box.address)}</a>`).join('')}</nav></header>
<main><section><h2>Inbox of ${escaped(view.who)}</h2>${view.list}</section>
<section>${view.mail || '<p>Choose a mail, or write one.</p>'}</section>
<section>${form(view)}<h2>Cases</h2>${casesOf(view.cases)}</section></main></body></html>`
}

export function listOf(who: string, mails: { uid: number; message: Message }[], open: number): string {
  if (mails.length === 0) return '<p>Nothing here yet. Reload after writing a mail.</p>'
  const row = ({ uid, message }: { uid: number; message: Message }) =>
    `<li${uid === open ? ' aria-current="true"' : ''}><a href="/?box=${encodeURIComponent(who)}&amp;mail=${uid}"><b>${escaped(message.from?.name ?? message.from?.address ?? '?')}</b><br>${escaped(message.subject || '(no subject)')}</a></li>`
  return `<ul>${[...mails].reverse().map(row).join('')}</ul>`
}

export function mailOf(who: string, uid: number, message: Message): string {
  const at = `box=${encodeURIComponent(who)}&amp;mail=${uid}`
  const files = message.attachments
    .map((file) => `<li>${escaped(file.filename ?? file.contentType)}, ${file.size} bytes</li>`)
    .join('')
  return `<h2>${escaped(message.subject)}</h2><p>From ${escaped(message.from?.name ?? '')} &lt;${escaped(message.from?.address ?? '')}&gt;, answers to ${escaped(message.replyTo[0]?.address ?? message.from?.address ?? '')}</p>
<iframe sandbox title="The mail" src="/frame?${at}"></iframe>${files ? `<ul>${files}</ul>` : ''}<details><summary>As text</summary><pre>${escaped(message.text)}</pre></details><p><a href="/raw?${at}">Raw source</a></p>`
}

/** The document in the frame: the mail's HTML made safe, or its text. */
export function frameOf(message: Message): string {
  const body =
    message.html === null
      ? `<pre style="white-space:pre-wrap">${escaped(message.text)}</pre>`
      : safeHtml(message.html, {}).html
  return `<!doctype html><meta charset="utf-8"><body style="font-family:sans-serif">${body}</body>`
}

function form({ who, answer, support, boxes }: PageView): string {
  const fields = answer
    ? `<p>An answer to “${escaped(answer.message.subject)}”</p>`
    : `<label>To <input name="to" value="${escaped(support)}"></label><label>Subject <input name="subject" required></label>`
  const writer = boxes.some((box) => box.address === who && who !== support) ? who : (boxes[0]?.address ?? '')
  return `<h2>Write a mail</h2><form method="post" action="/"><label>From <input name="from" type="email" required value="${escaped(writer)}"></label>${fields}<label>Text <textarea name="text" rows="8" required></textarea></label>${answer ? `<input type="hidden" name="answers" value="${answer.uid}">` : ''}<button>Send</button></form>`
}

function casesOf(cases: CaseSummary[]): string {
  return `<ul>${cases.map((it) => `<li>#${it.number} <b>${escaped(it.status)}</b> ${escaped(it.title)}</li>`).join('')}</ul>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1c2430;background:#f5f6f8}header{background:#1d3557;color:#fff;padding:.6rem 1rem}h1{font-size:1.1rem;margin:0}h2{font-size:1rem}nav a{color:#fff;margin-right:1rem}nav a[aria-current]{font-weight:bold;text-decoration:none}main{display:grid;grid-template-columns:minmax(14rem,1fr) 2fr minmax(16rem,1fr);gap:1rem;padding:1rem}@media(max-width:60rem){main{grid-template-columns:1fr}}section{background:#fff;border-radius:.5rem;padding:.5rem 1rem;overflow-wrap:anywhere}ul{list-style:none;padding:0}li{padding:.3rem 0;border-bottom:1px solid #e3e6ea}li[aria-current]{background:#eaf1fb}iframe{width:100%;height:28rem;border:1px solid #d5d9df;border-radius:.3rem}label{display:block;margin:.4rem 0}input,textarea{width:100%;box-sizing:border-box;font:inherit}pre{white-space:pre-wrap}button{font:inherit;padding:.3rem 1rem}'
