import { describe, expect, it } from 'vitest'
import { LINK_REMOVED, secretLinkCutter } from '../../src/model/secret-links.ts'
import { leaveLink, replyAddress, settingsUrl, stopLink, stopUrl, verdictUrl } from '../../src/model/thread-key.ts'

const PORTAL = 'https://help.acme.test/support'
const TOKEN = 'Zk3-_vQ8yT0aLw5rXn2bJc7mHd9sPe4uGf6iKo1tBqZ'
const RESET = `${PORTAL}/reset/${TOKEN}`
const SECRETS = ['a secret of at least thirty-two characters'] as const
const MAILBOX = { address: 'support@acme.test', plusAddress: true }
const cut = secretLinkCutter(PORTAL, [MAILBOX.address])

describe('our own secret links', () => {
  it.each(['activate', 'reset', 'link', 'address', 'undo', 'new-link'])('are cut out: /%s/', (page) => {
    expect(cut(`Se ${PORTAL}/${page}/${TOKEN}. Hilsen Kim`)).toBe(`Se ${LINK_REMOVED}. Hilsen Kim`)
  })

  it.each([
    ['settings', settingsUrl(PORTAL, 'p.01hxyz.abcdefghijklmnop')],
    ['stop', stopUrl(PORTAL, 'uc.01hxyz.abcdefghijklmnop')],
    ['leave', `${PORTAL}/leave/l12.abcdefghijklmnop`],
    ['solution', verdictUrl(PORTAL, 'y12.abcdefghijklmnop')],
    ['leave, by mail', leaveLink(SECRETS, MAILBOX, 12, 'person')],
    ['leave, by the subject of a mail', leaveLink(SECRETS, { ...MAILBOX, plusAddress: false }, 12, 'person')],
    ['stop, by mail', stopLink(MAILBOX, 'uc.01hxyz.abcdefghijklmnop')],
  ])('are cut out with a key: %s', (_, link) => {
    expect(cut(`a <${link}> b`)).toBe(`a <${LINK_REMOVED}> b`)
  })

  it.each([
    ['broken over two lines', `${RESET.slice(0, 60)}\n${RESET.slice(60)}`],
    ['broken in the host', `https://help.ac\nme.test/support/reset/${TOKEN}`],
    ['broken and quoted twice', `${RESET.slice(0, 60)}\r\n> > ${RESET.slice(60)}`],
    ['broken by quoted-printable that nobody decoded', `${RESET.slice(0, 60)}=\n${RESET.slice(60)}`],
    ['with marks without width', `${RESET.slice(0, 50)}\u200b${RESET.slice(50)}`],
    ['in capitals where that changes nothing', RESET.replace('https://help', 'HTTPS://Help')],
    ['with a query behind it', `${RESET}?utm_source=mail#top`],
    ['of Safe Links', `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(RESET)}&data=05%7C01`],
    ['encoded twice', `https://track.example/?u=${encodeURIComponent(encodeURIComponent(RESET))}`],
    ['of Google', `https://www.google.com/url?q=${RESET}&source=gmail`],
    [
      'of Proofpoint',
      `https://urldefense.proofpoint.com/v2/url?u=${RESET.replace('://', '-3A__')
        .replace(/\/(?=\w)/g, '_')
        .replace(TOKEN, TOKEN.replace('-', '-2D').replace('_', '-5F'))}&d=DwMFaQ`,
    ],
    ['of Sophos', `https://eu.protection.sophos.com/?d=acme.test&u=${Buffer.from(RESET).toString('base64')}&i=NWY`],
  ])('are found where they are %s', (_, written) => {
    expect(cut(`Hej\n> <${written}>\n> hilsen`)).toBe(`Hej\n> <${LINK_REMOVED}>\n> hilsen`)
  })

  it('are cut out however many there are, and what stands between them is kept', () => {
    expect(cut(`${RESET} og ${PORTAL}/undo/${TOKEN}, ${RESET}`)).toBe(
      `${LINK_REMOVED} og ${LINK_REMOVED}, ${LINK_REMOVED}`,
    )
  })

  it.each([
    ['a page of a case', `${PORTAL}/cases/12`],
    ['the page to sign in', `${PORTAL}/sign-in?to=%2Fcases%2F12`],
    ["somebody else's link", `https://shop.example/reset/${TOKEN}`],
    ['a name that ours is a part of', `https://help.acme.test.example/support/reset/${TOKEN}`],
    ['a reply address', replyAddress(SECRETS, MAILBOX.address, 12, 'customer', 0)],
    ['a token by itself', TOKEN],
  ])('%s is none', (_, text) => {
    expect(cut(`Se ${text} igen`)).toBe(`Se ${text} igen`)
  })

  it('are cut out of mails without a portal too, where keys are mail addresses', () => {
    const without = secretLinkCutter(null, [MAILBOX.address])
    expect(without(leaveLink(SECRETS, MAILBOX, 12, 'person'))).toBe(LINK_REMOVED)
    expect(without(RESET)).toBe(RESET)
  })

  it.each([
    ['nearly a link, line for line', `${PORTAL}/reset/${'a\n> \n'.repeat(30_000)}`],
    ['many paths', `${PORTAL}/${'a/'.repeat(60_000)}`],
    ['many links that end too early', `${RESET.slice(0, -1)}\n>`.repeat(2_000)],
    ['one word', `h${'x'.repeat(300_000)}`],
    ['base64 without end', `aHR0c${'aHR0c'.repeat(60_000)}`],
  ])('are looked for in no time: %s', (_, text) => {
    const begun = performance.now()
    cut(text)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})
