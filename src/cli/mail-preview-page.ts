import { LANGUAGES } from '../model/language.ts'
import type { Preview, Previews } from './mail-preview.ts'

export interface PageOptions {
  /** Where the page finds a mail's HTML. */
  frameUrl: (mail: Preview) => string
  /** Links to the same page in light and in dark; null where a mail follows the reader's own machine. */
  themes: { current: 'light' | 'dark' } | null
}

/** Every kind in a row, its languages side by side. Languages and width are chosen without a script. */
export function previewPage({ mails, problems }: Previews, options: PageOptions): string {
  const kinds = [...new Set(mails.map((it) => it.kind))]
  const rows = kinds.map((kind) =>
    kindRow(
      kind,
      mails.filter((it) => it.kind === kind),
      options,
    ),
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Posthorn: all mails</title><style>${STYLE}</style></head>
<body><header><h1>Posthorn: all mails</h1>${switches(options)}</header>
${problems.map((it) => `<p class="problem" role="alert">${escaped(it)}</p>`).join('')}
<div class="page"><nav aria-label="Kinds"><ul>${kinds.map((kind) => `<li><a href="#${kind}">${kind}</a></li>`).join('')}</ul></nav>
<main>${rows.join('\n')}</main></div></body></html>
`
}

/** What is shown instead where the templates cannot be loaded. */
export function problemPage(problem: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Posthorn: the templates are not right</title><style>${STYLE}</style></head>
<body><header><h1>The templates are not right</h1></header><pre class="problem" role="alert">${escaped(problem)}</pre><p>Correct them and load the page again.</p></body></html>
`
}

function switches({ themes }: PageOptions): string {
  const languages = ['all', ...LANGUAGES].map((it) => radio('lang', it, it === 'all'))
  const widths = ['360', '800'].map((it) => radio('width', it, it === '360'))
  const links = (['light', 'dark'] as const).map(
    (it) => `<a href="?theme=${it}"${it === themes?.current ? ' aria-current="true"' : ''}>${it}</a>`,
  )
  return `<form><fieldset><legend>Language</legend>${languages.join('')}</fieldset><fieldset><legend>Width</legend>${widths.join('')}</fieldset>${themes ? `<p>${links.join(' ')}</p>` : ''}</form>`
}

function radio(name: string, value: string, checked: boolean): string {
  return `<label><input type="radio" name="${name}" id="${name}-${value}"${checked ? ' checked' : ''}> ${value}</label>`
}

function kindRow(kind: string, mails: Preview[], options: PageOptions): string {
  return `<section id="${kind}"><h2>${kind}</h2><div class="mails">${mails.map((it) => card(it, options)).join('')}</div></section>`
}

function card(mail: Preview, { frameUrl }: PageOptions): string {
  const { kind, language, subject, text, headers } = mail
  return `<article class="${language}"><h3 lang="${language}">${escaped(subject)}</h3>
<iframe sandbox loading="lazy" title="${kind} in ${language}" src="${escaped(frameUrl(mail))}"></iframe>
<details><summary>Text</summary><pre lang="${language}">${escaped(text)}</pre></details><details><summary>Headers</summary><pre>${escaped(headers)}</pre></details></article>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

const HIDDEN = LANGUAGES.map((it) => `body:has(#lang-${it}:checked) article:not(.${it})`).join(',')

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1c2430;background:#e4e7ec}
header{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:center;background:#1d3557;color:#fff;padding:.6rem 1rem}
h1{font-size:1.1rem;margin:0}h2{font-size:1rem;margin:0 0 .5rem;scroll-margin-top:5rem}h3{font-size:.9rem;font-weight:600;margin:0 0 .4rem;overflow-wrap:anywhere}
form,fieldset{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center}fieldset{border:0;padding:0;margin:0}legend{float:left;margin-right:.5rem;opacity:.8}form p{margin:0}
header a{color:#fff}header a[aria-current]{font-weight:bold;text-decoration:none}
.page{display:grid;grid-template-columns:13rem minmax(0,1fr)}nav ul{position:sticky;top:4rem;list-style:none;margin:0;padding:1rem;font-size:.85rem;max-height:calc(100vh - 6rem);overflow:auto}
main{padding:1rem}section{margin:0 0 2rem;scroll-margin-top:4rem}.mails{display:flex;gap:1rem;overflow-x:auto;padding-bottom:.5rem}
article{flex:none;width:360px}iframe{width:100%;height:40rem;border:0;border-radius:.4rem;background:#fff;box-shadow:0 1px 3px #0003}
body:has(#width-800:checked) article{width:800px}${HIDDEN}{display:none}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem;background:#fff;padding:.6rem;border-radius:.4rem}
.problem{margin:1rem;padding:.6rem 1rem;background:#fde8e8;color:#7a1212;border-left:4px solid #c81e1e}
@media(max-width:50rem){.page{grid-template-columns:minmax(0,1fr)}nav{display:none}}`
