import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { NOTICE_KINDS } from '../../src/model/notice.ts'
import { topicOf } from '../../src/model/preferences.ts'
import { EXAMPLES } from '../../src/render/examples.ts'
import { PLURALS } from '../../src/render/formats.ts'
import { loadTemplates } from '../../src/render/load.ts'
import { renderNotice } from '../../src/render/render.ts'
import type { MailKind, MailView } from '../../src/render/view.ts'

const FOLDER = join(import.meta.dirname, '../../templates')
const templates = loadTemplates([FOLDER])
const words = Object.fromEntries(LANGUAGES.map((it) => [it, JSON.parse(read(`strings/${it}.json`))])) as Record<
  Language,
  Record<string, string>
>
const inEach = NOTICE_KINDS.flatMap((kind) => LANGUAGES.map((language) => [kind, language] as const))

function read(path: string): string {
  return readFileSync(join(FOLDER, path), 'utf8')
}

const articleDigest = EXAMPLES['article-digest'].digest

/** A mail of a kind whose example has `over` laid over it. */
function mailOf<K extends MailKind>(kind: K, language: Language, over: Partial<MailView & { kind: K }> = {}) {
  return renderNotice(templates, { ...EXAMPLES[kind], ...over } as MailView, language)
}

/** The words of a text of ours: no holes, no Markdown. */
function wordsIn(source: string): string[] {
  const bare = source.replace(/^(subject|preheader|reason):/gm, '').replace(/\{\{[^}]*\}\}/g, ' ')
  return bare.toLowerCase().match(/\p{L}+/gu) ?? []
}

describe('the wording', () => {
  test.each(inEach)('%s in %s has a short subject, a preheader of its own and a reason', (kind, language) => {
    expect(mailOf(kind, language).subject.length).toBeLessThan(120)
    const source = read(`mail/${kind}/${language}.md`)
    const [subject, preheader, reason] = source.split('\n').map((line) => line.slice(line.indexOf(':') + 2))
    expect(preheader).not.toBe(subject)
    expect(preheader).not.toBe('{{brand.name}}')
    const because = {
      da: 'Du får denne mail, fordi ',
      nb: 'Du får denne e-posten fordi ',
      sv: 'Du får det här mejlet ',
    }
    const expected = { ...because, en: 'You get this mail because ' }[language]
    const filled = (reason ?? '').replace(/\{\{word "([^"]+)"\}\}/g, (_, key: string) => words[language][key] ?? '')
    expect(filled).toContain(expected)
  })

  test.each(inEach)('%s in %s has lines that a person would write', (kind, language) => {
    const { text, html } = mailOf(kind, language)
    for (const line of text.split('\n')) {
      expect(line).not.toMatch(/\d{4}-\d\d-\d\dT|\bnull\b|\bTODO\b|·\s*·|(^|[^-])\s+$/)
      expect(line).not.toMatch(/^\s*[.,:;]/)
    }
    expect(html).not.toMatch(/\d{4}-\d\d-\d\dT|\bnull\b/)
    expect(text.split('\n-- \n')).toHaveLength(2)
  })

  test.each(NOTICE_KINDS)('%s is translated: no two languages share their words', (kind) => {
    const sources = LANGUAGES.map((it) => wordsIn(read(`mail/${kind}/${it}.md`)).join(' '))
    // A mail whose every word is in the strings has none of its own but the reason.
    expect(new Set(sources).size).toBe(LANGUAGES.length)
    const english = /^(the|you|your|this|was|is|because|and|to|of|we|not|with|case)$/
    for (const language of ['da', 'nb', 'sv'] as const)
      expect(wordsIn(read(`mail/${kind}/${language}.md`)).filter((it) => english.test(it))).toEqual([])
  })

  test('one voice: Danish says sag and mail, Norwegian sak and e-post, Swedish ärende and mejl', () => {
    const foreign = {
      da: /\b(sak|saken|ärende|e-post(en)?|mejl(et)?|email|ticket|supportsag|Dem|Deres)\b/,
      nb: /\b(sag|sagen|ärende|mail(en)?|mejl(et)?|email|ticket|Dem|Deres)\b/,
      sv: /(?<![\p{L}])(sag|sak|saken|mail(et)?|e-post(en)?|epost|ticket|Ni|Er)(?![\p{L}])/u,
      en: /\b(ticket|e-mail|email|issue)\b/,
    }
    for (const [kind, language] of inEach) {
      const source = read(`mail/${kind}/${language}.md`).replace(/\{\{[^}]*\}\}/g, ' ')
      expect(`${kind}/${language}: ${foreign[language].exec(source)?.[0] ?? ''}`).toBe(`${kind}/${language}: `)
    }
    for (const language of LANGUAGES)
      for (const [key, text] of Object.entries(words[language]))
        expect(`${key}: ${foreign[language].exec(text.replace(/\{\{[^}]*\}\}/g, ' '))?.[0] ?? ''}`).toBe(`${key}: `)
  })

  test('no string but names of things is the same in Danish and English', () => {
    const same = Object.keys(words.en).filter((key) => words.da[key] === words.en[key])
    expect(same.filter((key) => !['help.priority'].includes(key))).toEqual([])
  })
})

describe('the foot', () => {
  test.each(inEach)('%s in %s has a link to change it where there is something to choose', (kind, language) => {
    const { text, html } = mailOf(kind, language)
    const settings = 'https://support.acme.example/settings/p1'
    const label = words[language]['link.settings']
    expect(text.includes(`\n${label}: ${settings}\n`)).toBe(topicOf(kind) !== null)
    expect(html.includes(`href="${settings}"`)).toBe(topicOf(kind) !== null)
  })

  test.each(LANGUAGES)('in %s it says where help is, and what to do when answering fails', (language) => {
    const help = (key: string) => (words[language][key] ?? '').replace('{{brand.supportContact}}', '+45 70 12 34 56')
    expect(mailOf('case-closed', language).text).toContain(help('footer.help'))
    expect(mailOf('welcome', language).text).toContain(help('footer.contact'))
    expect(mailOf('welcome', language).text).not.toContain(help('footer.help'))
  })
})

describe('numbers and dates', () => {
  test('our languages have one and other, and every count has both', () => {
    for (const language of LANGUAGES) {
      expect(new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()).toEqual([...PLURALS].sort())
      const keys = Object.keys(words[language]).filter((key) => key.startsWith('plural.'))
      const stems = new Set(keys.map((key) => key.slice(0, key.lastIndexOf('.'))))
      expect(keys.toSorted()).toEqual([...stems].flatMap((stem) => PLURALS.map((it) => `${stem}.${it}`)).toSorted())
      for (const key of keys) expect(words[language][key]).toContain('{n}')
    }
  })

  test.each([
    ['da', ['0 nye artikler', '1 ny artikel', '2 nye artikler', '5 nye artikler', '12.345 nye artikler']],
    ['nb', ['0 nye artikler', '1 ny artikkel', '2 nye artikler', '5 nye artikler', '12 345 nye artikler']],
    ['sv', ['0 nya artiklar', '1 ny artikel', '2 nya artiklar', '5 nya artiklar', '12 345 nya artiklar']],
    ['en', ['0 new articles', '1 new article', '2 new articles', '5 new articles', '12,345 new articles']],
  ] as const)('counts in %s', (language, expected) => {
    const counted = [0, 1, 2, 5, 12_345].map((of) => {
      const articles = { of, more: 0, items: [] }
      return mailOf('article-digest', language, { digest: { ...articleDigest, articles, commented: null } }).subject
    })
    expect(counted.map((it) => it.replace(/\u00a0/g, ' ').replace(/ (hos|at) Acme Support$/, ''))).toEqual(expected)
  })

  test.each([
    ['da', 'Linket virker i 1 time.', 'Linket virker i 24 timer.'],
    ['nb', 'Lenken virker i 1 time.', 'Lenken virker i 24 timer.'],
    ['sv', 'Länken fungerar i 1 timme.', 'Länken fungerar i 24 timmar.'],
    ['en', 'The link works for 1 hour.', 'The link works for 24 hours.'],
  ] as const)('a link says for how long it works in %s', (language, one, many) => {
    expect(mailOf('welcome', language, { hours: 1 }).text).toContain(one)
    expect(mailOf('welcome', language, { hours: 24 }).text).toContain(many)
  })

  test.each([
    ['da', 'den 20. november 2026 kl. 11.00 CET', 'den 1. juli 2026 kl. 04.30 GMT-4'],
    ['nb', '20. november 2026 kl. 11:00 CET', '1. juli 2026 kl. 04:30 EDT'],
    ['sv', 'den 20 november 2026 kl. 11:00 CET', 'den 1 juli 2026 kl. 04:30 GMT−4'],
    ['en', 'on 20 November 2026 at 11:00 CET', 'on 1 July 2026 at 04:30 GMT-4'],
  ] as const)('a time is told by the clock of the reader in %s', (language, here, there) => {
    expect(mailOf('password-changed', language).text).toContain(` ${here}.`)
    const away = { at: '2026-07-01T08:30:00.000Z', timeZone: 'America/New_York' }
    expect(mailOf('password-changed', language, away).text).toContain(` ${there}.`)
  })

  test.each([
    ['da', 'fredag den 20. november 2026'],
    ['nb', 'fredag 20. november 2026'],
    ['sv', 'fredag 20 november 2026'],
    ['en', 'Friday, 20 November 2026'],
  ] as const)('a digest is of a day in %s', (language, day) => {
    expect(mailOf('agent-digest', language).subject).toContain(day)
  })
})

describe('what a mail leaves out', () => {
  test.each(LANGUAGES)('a solution without a page to judge it by asks for an answer, in %s', (language) => {
    const asked = mailOf('solution-proposed', language)
    expect(asked.text).toContain(`${words[language]['button.solved']}: https://support.acme.example/solved/y1\n`)
    expect(asked.text).toContain(`${words[language]['button.notSolved']}: https://support.acme.example/solved/n1\n`)
    const plain = mailOf('solution-proposed', language, { verdict: null })
    for (const part of [plain.text, plain.html]) {
      expect(part).not.toContain(words[language]['button.solved'])
      expect(part).not.toContain('/solved/')
    }
  })

  test.each(LANGUAGES)('an alarm says whether it is over, in %s', (language) => {
    const { alarm } = EXAMPLES['mailbox-alarm']
    const over = mailOf('mailbox-alarm', language)
    const on = mailOf('mailbox-alarm', language, { alarm: { ...alarm, recoveredAt: null } })
    expect(over.subject).not.toBe(on.subject)
    for (const { text } of [over, on]) expect(text).toContain('the server refused the login')
    expect(over.text).toMatch(/11[.:]00 CET/)
    expect(on.text).not.toMatch(/11[.:]00 CET/)
  })

  test.each(LANGUAGES)('an account without an inviter, an article without an author, in %s', (language) => {
    expect(mailOf('activate-account', language).text).toContain('Anna Holm')
    expect(mailOf('activate-account', language, { inviter: null }).text).not.toMatch(/Anna|null/)
    const article = { ...EXAMPLES['article-published'].article, author: null, url: null }
    const { text } = mailOf('article-published', language, { article })
    expect(text).not.toMatch(/Anna|null/)
    expect(text).not.toContain(words[language]['button.article'])
  })

  test.each(LANGUAGES)('a mail that a colleague has let in asks nobody to, in %s', (language) => {
    const { comment } = EXAMPLES['mail-held']
    const decided = mailOf('mail-held', language, { comment: { ...comment, held: null } }).text
    expect(decided).not.toContain(words[language]['held.hint'])
    expect(mailOf('mail-held', language).text).toContain(words[language]['held.hint'])
  })
})

describe('digests', () => {
  test('parts that hold nothing are not there', () => {
    const none = { opened: null, waitingOnUs: null, waitingLongest: null, unassigned: null, solved: null }
    const digest = { ...EXAMPLES['agent-digest'].digest, ...none }
    const { text, html } = mailOf('agent-digest', 'en', { digest })
    expect(text).toContain('Mails that did not arrive: 1\n\n- #1042: kim@kunde.example\n  550 5.1.1 No such user\n')
    expect(text).not.toMatch(/New cases|Waiting|Assigned to nobody|Solved/)
    expect(html.match(/<h2/g)).toHaveLength(1)
  })

  test('a case is a line with what is known of it, and a link where there is a page', () => {
    const { text, html } = mailOf('agent-digest', 'da')
    expect(text).toContain(
      'Nye sager: 12\n\n- #1042 HP LaserJet M404: 49.4C02\n  åben · Kim Larsen · tildelt Anna Holm · siden 18. nov. 2026\n' +
        '  https://support.acme.example/cases/1042\n- #1041 VPN: 0x80090326\n  ny · Ida Berg · siden 18. nov. 2026\n',
    )
    expect(text).toContain('og 10 mere\n\nVenter på os: 12\n')
    expect(text).toContain('løst · Kim Larsen · tildelt Anna Holm · 18. nov. 2026')
    expect(html).toMatch(
      /href="https:\/\/support\.acme\.example\/cases\/1042"[^>]*>#1042 HP LaserJet M404: 49\.4C02<\/a>/,
    )
  })

  test('customers read what changed, in words that are about them', () => {
    const { text } = mailOf('customer-digest', 'en')
    expect(text).toContain(
      'waiting for your answer · was open · 2 new comments · a proposed solution · opened 18 Nov 2026\n',
    )
    expect(text).toContain('- #1041 VPN: 0x80090326\n  new · opened 18 Nov 2026\n')
    expect(text).not.toMatch(/Kim Larsen|Anna/)
  })

  test.each([
    ['da', '3 nye artikler og 5 nye kommentarer hos', '5 nye kommentarer hos', '1 ny kommentar hos'],
    ['nb', '3 nye artikler og 5 nye kommentarer hos', '5 nye kommentarer hos', '1 ny kommentar hos'],
    ['sv', '3 nya artiklar och 5 nya kommentarer hos', '5 nya kommentarer hos', '1 ny kommentar hos'],
    ['en', '3 new articles and 5 new comments at', '5 new comments at', '1 new comment at'],
  ] as const)('the subject says what followers find in one, in %s', (language, both, comments, one) => {
    const subjectOf = (over: Partial<typeof articleDigest>) =>
      mailOf('article-digest', language, { digest: { ...articleDigest, ...over } }).subject
    expect(subjectOf({})).toBe(`${both} Acme Support`)
    expect(subjectOf({ articles: null })).toBe(`${comments} Acme Support`)
    const { commented } = articleDigest
    expect(subjectOf({ articles: null, commented: commented && { ...commented, comments: 1 } })).toBe(
      `${one} Acme Support`,
    )
  })

  test('followers read of new articles, and which articles were commented on', () => {
    const { text, html } = mailOf('article-digest', 'en')
    expect(text).toContain('New articles: 3\n\n- M404 + Wi-Fi\n  HP LaserJet · Anna · 20 Nov 2026\n')
    expect(text).toContain(
      'Articles with new comments: 2\n\n- M404 + Wi-Fi\n  HP LaserJet · 4 new comments · 20 Nov 2026\n' +
        '  https://support.acme.example/articles/17\nand 1 more\n',
    )
    expect(html.match(/<h2/g)).toHaveLength(2)
    const silent = mailOf('article-digest', 'en', { digest: { ...articleDigest, articles: null } })
    expect(silent.text).not.toContain('New articles')
    expect(silent.html.match(/<h2/g)).toHaveLength(1)
  })

  test('nothing in a line becomes HTML', () => {
    const bad = '"><img src=x onerror=y> & <b>'
    const { digest } = EXAMPLES['customer-digest']
    const [item] = digest.items
    const items = [{ ...item, title: bad, status: bad, url: `https://x.example/"><script>` }] as typeof digest.items
    const { text, html } = mailOf('customer-digest', 'en', { digest: { ...digest, items } })
    expect(text).toContain(`- #1042 ${bad}`)
    expect(html).not.toMatch(/<img src=x|<b>|<script/)
  })
})

describe('mails about an account', () => {
  const kinds = [
    'password-changed',
    'emergency-code-used',
    'new-sign-in',
    'identity-changed',
    'second-factor-on',
    'second-factor-off',
  ] as const
  test.each(kinds)('%s says what to do when it was somebody else, with one link', (kind) => {
    for (const language of LANGUAGES) {
      const { text } = mailOf(kind, language)
      const line = `${words[language].notYou} ${words[language]['link.secure']}: https://support.acme.example/account/security`
      expect(text).toContain(`\n${line}\n`)
      expect(text.match(/https:/g)).toHaveLength(1)
    }
  })

  test.each(['totp', 'sms', 'passkey'])('a factor is named in words: %s', (factor) => {
    for (const language of LANGUAGES) {
      const { text } = mailOf('second-factor-on', language, { factor })
      expect(text).toContain(words[language][`factor.${factor}`])
      expect(text).toContain(`\n${words[language][`verification.${factor}`]} `)
      expect(text).not.toMatch(/totp|factor\./)
    }
  })
})

test('every kind of mail about a case has a name, for when it did not arrive', () => {
  for (const kind of NOTICE_KINDS.filter((it) => 'case' in EXAMPLES[it]))
    for (const language of LANGUAGES) expect(words[language][`kind.${kind}`], `${kind} in ${language}`).toBeTruthy()
})
