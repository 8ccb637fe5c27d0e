import { existsSync } from 'node:fs'
import { TEMPLATES, templateFolders } from '../app.ts'
import type { BrandConfig, Config, MailboxConfig } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { describeError, PosthornError } from '../core/errors.ts'
import { mimeStart } from '../delivery/mime.ts'
import { LANGUAGES, type Language } from '../model/language.ts'
import { NOTICE_KINDS, type NoticeKind } from '../model/notice.ts'
import { compose } from '../outbox/compose.ts'
import { exampleNotice } from '../outbox/example-notices.ts'
import { EXAMPLE_BRAND, EXAMPLE_MAILBOX } from '../outbox/example-sender.ts'
import { EXAMPLE_WORDS } from '../outbox/example-words.ts'
import { loadTemplates, type Templates } from '../render/load.ts'
import { DEFAULT_CONFIG } from './open.ts'

/** Whose mails are shown, and with which templates. */
export interface PreviewSource {
  folders: string[]
  mailbox: MailboxConfig
  /** null: a made-up one, whose signature is in each mail's language. */
  brand: BrandConfig | null
  portalUrl: string
  timeZone: string
}

/** One made-up mail as it would leave. */
export interface Preview {
  kind: NoticeKind
  language: Language
  subject: string
  html: string
  text: string
  /** As the mail server gets them, folded. */
  headers: string
}

/** All of them, and what is wrong with templates that could not be filled in. */
export interface Previews {
  mails: Preview[]
  problems: string[]
}

const PORTAL = 'https://support.acme.example'

/** From the configuration, where there is one; else the templates that come with the program and a made-up brand. */
export function previewSource(options: { config?: string | undefined; brand?: string | undefined }): PreviewSource {
  const path = options.config ?? process.env.POSTHORN_CONFIG ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : null)
  if (path !== null) return configuredSource(loadConfig(path, process.env), options.brand)
  if (options.brand !== undefined)
    throw new PosthornError('no-config', 'without a configuration there are no brands', {
      temporary: false,
      hint: 'Name it with --config.',
    })
  const timeZone = 'Europe/Copenhagen'
  return { folders: [TEMPLATES], mailbox: EXAMPLE_MAILBOX, brand: null, portalUrl: PORTAL, timeZone }
}

function configuredSource(config: Config, wanted: string | undefined): PreviewSource {
  const brand = config.brands.find((it) => wanted === undefined || it.name === wanted)
  if (!brand)
    throw new PosthornError('no-brand', `no brand is called '${wanted}'`, {
      temporary: false,
      hint: `There are ${config.brands.map((it) => it.name).join(', ')}.`,
    })
  const mailbox = config.mailboxes.find((it) => it.brand === brand.name) ?? config.mailboxes[0] ?? EXAMPLE_MAILBOX
  const portalUrl = config.portal?.url ?? PORTAL
  return { folders: templateFolders(config), mailbox, brand, portalUrl, timeZone: config.timeZone }
}

/** Makes every kind in every language. Throws where the templates cannot be loaded. */
export function makePreviews(source: PreviewSource): Previews {
  const templates = loadTemplates(source.folders)
  const problems = new Set<string>()
  const mails = NOTICE_KINDS.flatMap((kind) =>
    LANGUAGES.map((language) => makePreview(source, templates, { kind, language, problems })),
  )
  return { mails, problems: [...problems] }
}

function makePreview(
  source: PreviewSource,
  templates: Templates,
  { kind, language, problems }: { kind: NoticeKind; language: Language; problems: Set<string> },
): Preview {
  const { mailbox, portalUrl, timeZone } = source
  const mail = compose(exampleNotice(kind, language, { mailbox, site: portalUrl }), {
    ...{ templates, mailbox, portalUrl, timeZone, noticeAttachments: 0 },
    brand: source.brand ?? { ...EXAMPLE_BRAND, signature: EXAMPLE_WORDS[language].signature },
    report: ({ files, error }) => problems.add(`${files.join(', ')} (${kind} in ${language}): ${describeError(error)}`),
  })
  const [headers = ''] = mimeStart(mail).toString().split('\r\n\r\n', 1)
  return {
    ...{ kind, language, subject: mail.subject, html: mail.html, text: mail.text },
    headers: `${headers.replaceAll('\r\n', '\n')}\n`,
  }
}

/** The same HTML as if the reader's machine were set to light or dark. */
export function inTheme(html: string, theme: 'light' | 'dark'): string {
  const media = theme === 'dark' ? '@media all' : '@media not all'
  return html.replace(/@media \(prefers-color-scheme: dark\)/g, media)
}
