import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readMail } from '../../src/message/read-mail.ts'
import { LINK_REMOVED } from '../../src/model/secret-links.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

const PORTAL = 'https://help.acme.test'
const TOKEN = 'Zk3-_vQ8yT0aLw5rXn2bJc7mHd9sPe4uGf6iKo1tBqZ'
const RESET = `${PORTAL}/reset/${TOKEN}`
const SAFE = `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(RESET)}&amp;data=05%7C01`

/** What clients make of our mail when they quote it: each a Content-Type, an encoding and a body. */
const CLIENTS: [string, string, string, string][] = [
  [
    'plain text, wrapped',
    'text/plain; charset=utf-8',
    '7bit',
    `Jeg kan ikke komme ind.\n\nDen 20. nov. 2026 skrev Acme <support@acme.test>:\n\n> Vælg en ny:\n> ${RESET.slice(0, 50)}\n> ${RESET.slice(50)}\n>\n> Hilsen Acme`,
  ],
  [
    'quoted-printable',
    'text/plain; charset=utf-8',
    'quoted-printable',
    `Det virker ikke: ${RESET.slice(0, 20)}=\n${RESET.slice(20)}\n`,
  ],
  [
    'HTML with a link',
    'text/html; charset=utf-8',
    '7bit',
    `<p>Hvad er det?</p><blockquote type="cite"><p><a href="${RESET}">V&aelig;lg en ny adgangskode</a></p></blockquote>`,
  ],
  [
    'HTML through Safe Links, and base64',
    'text/html; charset=utf-8',
    'base64',
    Buffer.from(
      `<div>Hvad er det?</div><hr><div><b>Fra:</b> Acme<br><b>Sendt:</b> 20. november 2026<br><b>Til:</b> Kim<br><b>Emne:</b> Ny adgangskode</div><p><a href="${SAFE}">${RESET}</a></p>`,
    ).toString('base64'),
  ],
  [
    'a forwarded mail',
    'text/plain; charset=utf-8',
    '7bit',
    `Se her\n\n---------- Forwarded message ---------\nFrom: Acme <support@acme.test>\nDate: Fri, 20 Nov 2026 10:00\nSubject: Ny adgangskode\nTo: <kim@customer.test>\n\n<${RESET}>\n`,
  ],
]

describe.each(engines)('our own secret links in a mail, on %s', (engine) => {
  let desk: HelpDesk
  beforeAll(async () => {
    desk = await openHelpDesk(engine)
    desk.ctx.policy = { ...desk.ctx.policy, portalUrl: PORTAL }
    await desk.take({})
  })
  afterAll(async () => await desk.store.close())

  const read = async (contentType: string, encoding: string, body: string) => {
    const source = `From: Kim <kim@customer.test>\nSubject: Re: Ny adgangskode\nMIME-Version: 1.0\nContent-Type: ${contentType}\nContent-Transfer-Encoding: ${encoding}\n\n${body}`
    const { message } = await readMail({ bytes: Buffer.from(source.replaceAll('\n', '\r\n')) })
    return message
  }
  /** Everything that agents and participants may come to see. */
  const stored = async () => {
    const tables = ['cases', 'comments', 'change_log', 'outbox'] as const
    return JSON.stringify(
      await Promise.all(tables.map(async (name) => await desk.store.db.selectFrom(name).selectAll().execute())),
    )
  }

  it.each(CLIENTS)('are not kept: %s', async (name, contentType, encoding, body) => {
    const message = await read(contentType, encoding, body)
    const said = [message.text, message.reply, message.quoted].join('\n').replace(/\s*\n>? ?/g, '')
    expect(said, 'the mail must hold the link').toContain(TOKEN.slice(-12))
    // Once as the opening of a case, once as an answer in one.
    const id = `${name.replace(/\W+/g, '-')}@customer.test`
    expect(await desk.take({ ...message, messageId: `opens-${id}` })).toMatchObject({ decision: 'open' })
    expect(await desk.take({ ...message, messageId: `answers-${id}`, to: [desk.key(1, 'customer')] })).toMatchObject({
      decision: 'comment',
    })
    const all = await stored()
    expect(all).toContain(LINK_REMOVED)
    // No half of the token either, as a wrapped line would leave it.
    expect(all).not.toContain(TOKEN.slice(-12))
    expect(all).not.toContain(TOKEN.slice(0, 12))
  })

  it('leaves the mail itself as it came', async () => {
    const mail = desk.mail({ text: `Se ${RESET}`, reply: `Se ${RESET}` })
    await desk.takeAll([mail])
    const raw = await desk.store.blobs.find(desk.store.db, mail.rawSha256)
    expect(raw && 'bytes' in raw ? Buffer.from(raw.bytes).toString() : '').toContain(RESET)
  })
})
