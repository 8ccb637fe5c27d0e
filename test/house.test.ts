import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * Who may import whom: each folder of src with the folders it may import besides itself, as src/README.md draws it.
 * Data goes one way: nothing imports a later stage.
 */
const FOLDERS: Record<string, string[]> = {
  core: [],
  model: [],
  config: ['core', 'model'],
  message: ['core', 'model'],
  mailbox: ['core', 'model', 'config'],
  authentication: ['core', 'message', 'model'],
  decision: ['message', 'model'],
  store: ['core', 'model', 'message', 'config', 'migrations'],
  notify: ['core', 'model', 'decision', 'store'],
  cases: ['core', 'model', 'message', 'decision', 'store', 'notify'],
  knowledge: ['core', 'model', 'store', 'notify'],
  digest: ['core', 'model', 'config', 'store', 'notify'],
  render: ['model'],
  outbox: ['model', 'render', 'config'],
  delivery: ['core', 'model', 'config', 'outbox', 'store'],
  sandbox: ['core', 'model', 'config'],
  scan: ['core', 'model', 'config', 'message'],
  accounts: ['core', 'model', 'decision', 'store', 'notify'],
  portal: ['core', 'model', 'config', 'store', 'notify', 'cases', 'accounts', 'render'],
  'account-setup': ['config', 'cases', 'accounts', 'render', 'portal'],
  intake: ['core', 'model', 'config', 'mailbox', 'message', 'authentication', 'scan', 'store', 'cases'],
  demo: ['core', 'model', 'config', 'sandbox', 'store', 'cases', 'message', 'app'],
  app: [
    'core',
    'model',
    'config',
    'intake',
    'mailbox',
    'message',
    'authentication',
    'scan',
    'decision',
    'store',
    'notify',
    'cases',
    'knowledge',
    'digest',
    'render',
    'outbox',
    'delivery',
    'portal',
    'account-setup',
  ],
  cli: [
    'core',
    'model',
    'config',
    'mailbox',
    'message',
    'authentication',
    'scan',
    'decision',
    'store',
    'notify',
    'cases',
    'knowledge',
    'digest',
    'render',
    'outbox',
    'delivery',
    'accounts',
    'portal',
    'account-setup',
    'app',
    'demo',
    'sandbox',
  ],
}

/** Packages that are known in one place alone. */
const PACKAGES: Record<string, string[]> = {
  imapflow: ['mailbox'],
  mailparser: [],
  mailauth: ['authentication'],
  tldts: ['decision'],
  htmlparser2: ['message'],
  'sanitize-html': ['message'],
  nodemailer: ['delivery', 'sandbox', 'demo'],
  kysely: ['store', 'migrations'],
  'better-sqlite3': ['store'],
  pg: ['store'],
  fastify: ['portal'],
  handlebars: ['render'],
  '@node-rs/argon2': ['accounts'],
  'altcha-lib': ['accounts'],
  otpauth: ['accounts'],
  '@simplewebauthn/server': ['accounts'],
  'openid-client': ['accounts'],
  'oidc-provider': [],
  qrcode: ['portal'],
  bowser: ['portal'],
  'markdown-it': ['render'],
  zod: ['config'],
  yaml: ['config'],
  croner: ['config', 'digest'],
  'node-cron': ['digest'],
  commander: ['cli', 'main'],
  'hoodiecrow-imap': ['sandbox'],
  'smtp-server': ['sandbox'],
}

/** Folders that are functions of their arguments: no clock, no randomness, no environment. */
const PURE = ['model', 'decision', 'render', 'outbox']
const IMPURE_CALLS = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.env\b|\brandomBytes\(/

const root = join(import.meta.dirname, '..')
const files = ['src', 'migrations'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name)),
)

/** 'src/cases/tell.ts' → 'cases'; 'src/app.ts' → 'app'; 'migrations/0001.ts' → 'migrations'. */
function folderOf(path: string): string {
  const [top, second] = path.split('/')
  return top === 'src' ? (second ?? '').replace(/\.ts$/, '') : (top ?? '')
}

function importsOf(path: string): string[] {
  const source = readFileSync(join(root, path), 'utf8')
  return [...source.matchAll(/(?:from|import\(|^import)\s*'([^']+)'/gm)].map((match) => match[1] ?? '')
}

describe('the house', () => {
  it.each(files.filter((path) => path.startsWith('src/') && path !== 'src/main.ts'))(
    '%s imports only what its folder may',
    (path) => {
      const own = folderOf(path)
      const allowed = FOLDERS[own]
      expect(allowed, `the folder ${own} is not in the table`).toBeDefined()
      for (const name of importsOf(path).filter((it) => it.startsWith('.'))) {
        const target = folderOf(relative(root, join(root, dirname(path), name)))
        if (target !== own) expect(allowed, `${path} imports ${name}`).toContain(target)
      }
    },
  )

  it.each(Object.entries(PACKAGES))('%s is imported in its own place alone', (name, places) => {
    const users = files.filter((path) => importsOf(path).some((it) => it === name || it.startsWith(`${name}/`)))
    expect(users.map(folderOf).filter((folder) => !places.includes(folder))).toEqual([])
  })

  it.each(files.filter((path) => PURE.includes(folderOf(path))))(
    '%s reads no clock, no randomness and no environment',
    (path) => {
      expect(IMPURE_CALLS.exec(readFileSync(join(root, path), 'utf8'))).toBeNull()
    },
  )

  it('draws every folder on the map', () => {
    const map = readFileSync(join(root, 'src/README.md'), 'utf8')
    for (const folder of new Set(files.filter((path) => path.startsWith('src/')).map(folderOf)))
      expect(map).toContain(folder)
  })
})
