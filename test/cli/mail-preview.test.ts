import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { previewSource } from '../../src/cli/mail-preview.ts'
import { servePreviews } from '../../src/cli/mail-preview-server.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { NOTICE_KINDS } from '../../src/model/notice.ts'
import { posthorn } from '../support/program.ts'
import { BUILT_IN, ownTemplates } from '../support/templates.ts'

test('mail preview --out writes every kind in every language, as HTML, text and headers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-preview-'))
  const { code, stdout, stderr } = await posthorn(['mail', 'preview', '--out', folder])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain(`${NOTICE_KINDS.length * LANGUAGES.length} mails are in ${folder}`)
  const wanted = LANGUAGES.flatMap((it) => [`${it}.headers.txt`, `${it}.html`, `${it}.txt`]).sort()
  for (const kind of NOTICE_KINDS) expect(readdirSync(join(folder, kind)).sort()).toEqual(wanted)
  const read = (path: string) => readFileSync(join(folder, path), 'utf8')
  expect(read('comment-added/sv.headers.txt')).toMatch(/^Message-ID: <.*^In-Reply-To: <.*^MIME-Version: 1\.0$/ms)
  expect(read('comment-added/sv.txt')).toContain('Prova att stänga av skrivaren')
  expect(read('comment-added/sv.html')).toContain('<html lang="sv"')
  expect(read('index.html')).toContain('src="comment-added/sv.html"')
})

test('mail preview shows the configured brand with the administrator’s own templates', async () => {
  const templates = ownTemplates({
    'mail/case-closed/en.md': 'subject: Over and out\npreheader: p\nreason: r\n\nClosed.\n',
  })
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-preview-'))
  const config = join(folder, 'posthorn.yaml')
  writeFileSync(config, yaml(templates))
  const out = join(folder, 'mails')
  const { code, stderr } = await posthorn(['mail', 'preview', '--config', config, '--brand', 'fjord', '--out', out])
  expect([code, stderr]).toEqual([0, ''])
  const html = readFileSync(join(out, 'case-closed/en.html'), 'utf8')
  expect(html).toContain('<title>Over and out</title>')
  expect(html).toContain('Fjord Help')
  const unknown = await posthorn(['mail', 'preview', '--config', config, '--brand', 'fjrd', '--out', out])
  expect([unknown.code, unknown.stderr]).toEqual([1, "posthorn: no brand is called 'fjrd' There are acme, fjord.\n"])
})

describe('the page of mail preview', () => {
  let site: Awaited<ReturnType<typeof servePreviews>>
  const own = ownTemplates({})
  beforeAll(async () => {
    site = await servePreviews({ ...previewSource({}), folders: [BUILT_IN, own] }, 0)
  })
  afterAll(async () => {
    await site.close()
  })
  const get = async (path: string) => {
    const response = await fetch(new URL(path, site.url))
    return {
      status: response.status,
      body: await response.text(),
      policy: response.headers.get('content-security-policy'),
    }
  }

  it('shows all of them side by side, each in a sandbox', async () => {
    const { status, body, policy } = await get('/?theme=dark')
    expect(status).toBe(200)
    expect(body.match(/<iframe sandbox /g)?.length).toBe(NOTICE_KINDS.length * LANGUAGES.length)
    expect(body).not.toContain('<script')
    expect(policy).toMatch(/^default-src 'none'/)
    const frame = await get('/welcome/nb.html?theme=dark')
    expect(frame.policy).toContain('sandbox;')
    expect(frame.body).toContain('@media all {')
    expect((await get('/welcome/nb.headers.txt')).body).toMatch(/^Message-ID: /)
    expect((await get('/welcome/xx.html')).status).toBe(404)
  })

  it('reads the templates anew, and says what is wrong with them', async () => {
    expect((await get('/')).status).toBe(200)
    mkdirSync(join(own, 'strings'))
    writeFileSync(join(own, 'strings/en.json'), '{"button.case": 1}')
    expect(await get('/')).toMatchObject({ status: 500, body: expect.stringContaining('must be a text') })
    writeFileSync(join(own, 'strings/en.json'), '{"button.case": "Have a look"}')
    expect((await get('/')).status).toBe(200)
  })
})

function yaml(templates: string): string {
  return `
database: sqlite:./posthorn.db
secret: 0123456789abcdef0123456789abcdef
templates: ${templates}
mailboxes:
  - name: support
    address: support@acme.test
    language: en
    imap: { host: 127.0.0.1, port: 143, tls: none, user: support, password: x }
smtp: { host: 127.0.0.1, port: 25, tls: none }
brands:
  - { name: acme, fromName: Acme Support, supportContact: '1' }
  - { name: fjord, fromName: Fjord Help, supportContact: '2', color: '#00a86b' }
`
}
