import { describe, expect, it } from 'vitest'
import { extractReply } from '../../../src/message/reply/extract.ts'
import { fixture, parsedOf } from './mail.ts'

/** Each quirk's fixture, and the author's own words in it. */
const CUT: [string, string][] = [
  ['gmail-da-wrapped-attribution', 'Det virker nu.\n\nHilsen Kim'],
  ['gmail-en-address-split-from-its-bracket', 'That did it, thanks.'],
  ['evolution-fi-verb-on-its-own-line', 'Kiitos, toimii taas.'],
  ['apple-sv-attribution-inside-the-quote', 'Tack, det löste sig.'],
  ['nextcloud-attribution-without-verb', 'Takk, det ordnet seg.'],
  ['yandex-attribution-of-date-and-address', 'Спасибо, всё работает.'],
  ['unknown-language-attribution-by-shape', 'Asante, sasa inafanya kazi.'],
  ['horde-is-quoting-phrase', 'Takk fyrir, þetta virkar.'],
  ['zoho-attribution-between-dashes', 'Works again, thank you.'],
  ['groupwise-attribution-of-quote-signs', 'Ja, jetzt geht es.'],
  ['outlook-mac-sv-indented-original', 'Det fungerar nu.'],
  ['outlook-da-header-block', 'Det virker nu, tak.\n\nVenlig hilsen\nKim'],
  ['outlook-nn-header-block', 'No verkar det.'],
  ['outlook-is-header-block-under-a-rule', 'Þetta virkar núna.'],
  ['outlook-da-separator', 'Det virker nu.'],
  ['header-block-in-bold-asterisks', 'It works now.'],
  ['header-block-above-quoted-lines', 'See below.\n\nAn HP from 2019.'],
  ['orange-fr-message-du', 'Merci, cela marche.'],
  ['proton-separator-and-attribution', 'Works now.'],
  ['separator-in-unknown-words', 'Inafanya kazi sasa.'],
  ['our-marker-unquoted', 'Nu virker det.'],
  ['our-marker-without-attribution', 'Nå virker det.'],
  ['answer-below-the-quote', 'On Monday 7 May I am out of the office.\nIt is an HP from 2019.'],
  ['quote-wrapped-without-its-sign', 'Works, thanks.'],
  ['finnish-vs-is-an-answer', 'Toimii taas.'],
  ['nothing-but-a-quote', ''],
  ['name-on-the-line-above-its-address', 'Works again.'],
  ['quoted-with-bars', 'Det virker nu.'],
  ['own-label-above-a-header-block', 'Jeg skal med toget.\n\nTil: Bergen'],
  ['attribution-quoted-below-own-colon', 'Dette skrev Lone 3. maj:'],
  ['attribution-of-a-name-with-a-pronoun', 'Tack!'],
]

/** Mails of which every line is the author's, or forwarded by the author. */
const KEPT = [
  'prose-that-looks-like-an-attribution',
  'prose-that-looks-like-a-header-block',
  'prose-that-looks-like-a-phone-signature',
  'quote-sign-within-a-paragraph',
  'mbox-escaped-from',
  'heading-between-dashes',
  'lines-of-a-log',
  'list-drawn-with-bars',
  'rule-of-two-dashes-with-much-below',
  'forward-da-keeps-everything',
  'forward-by-subject-only',
]

const SIGNED: [string, string, string][] = [
  ['greeting-stays-and-signature-goes', 'Det virker nu.\n\nMed venlig hilsen, Kim', '--\nKim Holm\nNordhavn Kommune'],
  ['phone-da-above-the-quote', 'Det virker nu.', 'Sendt fra min iPhone'],
  ['phone-and-outlook-app', 'Works now.', 'Sent from my Galaxy\nGet Outlook for Android<https://aka.ms/AAb9ysg>'],
  ['phone-zh-without-spaces', '现在可以用了。', '发自我的iPhone'],
  ['phone-sk-inflected-device', 'Už to funguje.', 'Odoslané z iPhonu'],
]

const trimLines = (text: string) => text.replace(/[ \t]+$/gm, '')
const textLines = (...texts: string[]) =>
  texts
    .flatMap((text) => text.split('\n').map((line) => line.replace(/^[>| ]+/, '').trim()))
    .filter((line) => line !== '')

describe('the author’s own words', () => {
  it.each(CUT)('are cut out of %s', (name, reply) => {
    const parts = extractReply(fixture(name))
    expect(parts.reply).toBe(reply)
    expect(parts.quoted).not.toBe('')
    expect(parts.confidence).toBeGreaterThanOrEqual(0.5)
  })

  it.each(KEPT)('are everything in %s', (name) => {
    const mail = fixture(name)
    const parts = extractReply(mail)
    expect(textLines(parts.reply)).toEqual(textLines(mail.plain ?? ''))
    expect(parts.quoted + parts.signature).toBe('')
  })

  it.each(SIGNED)('stand apart from the signature in %s', (name, reply, signature) => {
    const parts = extractReply(fixture(name))
    expect(parts.reply).toBe(reply)
    expect(trimLines(parts.signature)).toBe(signature)
  })

  it('stand apart from the footer of a mailing list', () => {
    const parts = extractReply(fixture('mailman-list-footer'))
    expect(parts.reply).toBe('It works now.')
    expect(parts.signature).toContain('helpdesk mailing list')
  })

  it('keep the quoted lines that they answer one by one, without the attribution', () => {
    const parts = extractReply(fixture('answers-between-quoted-lines'))
    expect(parts.reply).toBe(
      'Hej,\n\n> Hvornår passer det?\n\nTorsdag formiddag.\n\n> Må vi fjernstyre maskinen?\n\nJa, det må I gerne.',
    )
    expect(parts.quoted).toContain('skrev Support')
    expect(parts.signature).toContain('Tlf. 12 34 56 78')
  })
})

describe('what is cut', () => {
  it.each([...CUT.map(([name]) => name), ...KEPT, ...SIGNED.map(([name]) => name), 'answers-between-quoted-lines'])(
    'is kept beside the reply, so that no line of %s is lost',
    (name) => {
      const mail = fixture(name)
      const parts = extractReply(mail)
      expect(textLines(parts.reply, parts.quoted, parts.signature).sort()).toEqual(textLines(mail.plain ?? '').sort())
    },
  )

  it('is certain where nothing was to cut, and named where it is a guess', () => {
    expect(extractReply(parsedOf({ plain: 'Hello' }))).toMatchObject({ reply: 'Hello', confidence: 1, problems: [] })
    const guess = extractReply(parsedOf({ plain: 'Hello\n\n> one\n> two\n' }))
    expect(guess.confidence).toBeLessThan(0.9)
    expect(guess.problems).toHaveLength(1)
  })

  it('is nothing below the threshold, and the doubt is named', () => {
    const parts = extractReply(parsedOf({ plain: 'Tickets\n\nFrom: Leeds\nTo: York\n\nThanks' }))
    expect(parts.quoted).toBe('')
    expect(parts.problems.join()).toContain('too unsure to cut')
  })
})
