import { describe, expect, it } from 'vitest'
import { guessLanguage } from '../../src/message/language.ts'

/** Short mails as people write them to a help desk. */
const SENTENCES: readonly [language: string, text: string][] = [
  ['da', 'Hej, jeg kan ikke logge ind på hjemmesiden.'],
  ['da', 'Hvad gør jeg, hvis printeren stadig ikke virker?'],
  ['da', 'Tak for hjælpen, det virker nu.'],
  ['da', 'Kan I sende mig en kopi af regningen?'],
  ['da', 'Der er nogle fejl i rapporten fra sidste uge.'],
  ['da', 'Vi har ikke hørt noget siden mandag. Hvornår får vi svar?'],
  ['da', 'Jeg har glemt min adgangskode'],
  ['da', 'Venlig hilsen Kim Larsen, fakturaen mangler et bilag'],
  ['da', 'Systemet er gået ned igen, og kunderne kan ikke bestille noget'],
  ['da', 'Ja tak, det vil jeg gerne'],
  ['nb', 'Hei, jeg får ikke logget inn på nettsiden.'],
  ['nb', 'Hva gjør jeg hvis skriveren fremdeles ikke virker?'],
  ['nb', 'Takk for hjelpen, nå fungerer det.'],
  ['nb', 'Kan dere sende meg en kopi av regningen?'],
  ['nb', 'Det er noen feil i rapporten fra forrige uke.'],
  ['nb', 'Vi har ikke hørt noe siden mandag. Når får vi svar?'],
  ['nb', 'Jeg har glemt passordet mitt'],
  ['nb', 'Dessverre mangler det et vedlegg til fakturaen'],
  ['nb', 'Jeg trenger mer informasjon om bestillingen'],
  ['nb', 'Ja takk, det vil jeg gjerne'],
  ['nn', 'Hei, eg får ikkje logga inn på nettsida.'],
  ['nn', 'Kva gjer eg viss skrivaren framleis ikkje verkar?'],
  ['nn', 'Takk for hjelpa, no fungerer det.'],
  ['nn', 'Kan de sende meg ein kopi av rekninga?'],
  ['nn', 'Det er nokre feil i rapporten frå førre veke.'],
  ['nn', 'Vi har ikkje høyrt noko sidan måndag.'],
  ['nn', 'Korleis kan eg byte passord?'],
  ['nn', 'Eg veit ikkje kvifor dei er borte'],
  ['sv', 'Hej, jag kan inte logga in på hemsidan.'],
  ['sv', 'Vad gör jag om skrivaren fortfarande inte fungerar?'],
  ['sv', 'Tack för hjälpen, nu fungerar det.'],
  ['sv', 'Kan ni skicka mig en kopia av fakturan?'],
  ['sv', 'Det är några fel i rapporten från förra veckan.'],
  ['sv', 'Vi har inte hört något sedan i måndags.'],
  ['sv', 'Jag har glömt mitt lösenord'],
  ['sv', 'När får vi svar på vår fråga?'],
  ['sv', 'Ja tack, det vill jag gärna'],
  ['en', 'Hello, I cannot log in to the website.'],
  ['en', 'What do I do if the printer still does not work?'],
  ['en', 'Thanks for your help, it works now.'],
  ['en', 'Could you send me a copy of the invoice?'],
  ['en', 'Any news on this?'],
  ['en', "It doesn't work, please help"],
  ['fi', 'Hei, en pääse kirjautumaan verkkosivulle.'],
  ['fi', 'Mitä teen, jos tulostin ei vieläkään toimi?'],
  ['fi', 'Kiitos avusta, nyt se toimii.'],
  ['fi', 'Voisitteko lähettää minulle laskun?'],
  ['is', 'Halló, ég get ekki skráð mig inn á vefinn.'],
  ['is', 'Takk fyrir hjálpina, þetta virkar núna.'],
  ['de', 'Hallo, ich kann mich nicht auf der Webseite anmelden.'],
  ['de', 'Danke für die Hilfe, jetzt funktioniert es.'],
  ['de', 'Können Sie mir bitte eine Kopie der Rechnung schicken?'],
  ['nl', 'Hallo, ik kan niet inloggen op de website.'],
  ['nl', 'Bedankt voor de hulp, het werkt nu.'],
  ['fr', 'Bonjour, je ne peux pas me connecter au site.'],
  ['fr', "Merci pour votre aide, c'est réglé."],
  ['es', 'Hola, no puedo entrar en la página.'],
  ['es', 'Gracias por su ayuda, ya funciona.'],
  ['pt', 'Olá, não consigo entrar no site.'],
  ['it', 'Buongiorno, non riesco ad accedere al sito.'],
  ['pl', 'Dzień dobry, nie mogę się zalogować na stronie.'],
  ['cs', 'Dobrý den, nemohu se přihlásit na stránky.'],
  ['sk', 'Dobrý deň, neviem sa prihlásiť na stránku, ďakujem za pomoc.'],
  ['hu', 'Jó napot, nem tudok belépni az oldalra.'],
  ['ro', 'Bună ziua, nu pot intra pe site, mulțumesc pentru ajutor.'],
  ['et', 'Tere, ma ei saa veebilehele sisse logida.'],
  ['lv', 'Labdien, es nevaru pieslēgties, lūdzu palīdzību.'],
  ['lt', 'Laba diena, negaliu prisijungti, prašau pagalbos.'],
  ['tr', 'Merhaba, siteye giriş yapamıyorum, lütfen yardım edin.'],
  ['ru', 'Здравствуйте, я не могу войти на сайт.'],
  ['uk', 'Добрий день, я не можу увійти на сайт, дякую.'],
  ['bg', 'Здравейте, не мога да вляза в сайта, благодаря.'],
  ['el', 'Καλημέρα, δεν μπορώ να συνδεθώ.'],
  ['he', 'שלום, אני לא מצליח להתחבר'],
  ['ar', 'مرحبا، لا أستطيع تسجيل الدخول'],
  ['ja', 'お世話になっております。ログインできません。'],
  ['zh', '您好，我无法登录网站。'],
  ['ko', '안녕하세요, 로그인할 수 없습니다.'],
]

describe('the language of a short mail', () => {
  it('is guessed right for at least 95 of 100 sentences', () => {
    const wrong = SENTENCES.filter(([language, text]) => guessLanguage(text) !== language)
    const report = wrong.map(([language, text]) => `${language}, not ${guessLanguage(text)}: ${text}`).join('\n')
    expect(wrong.length / SENTENCES.length, report).toBeLessThanOrEqual(0.05)
  })

  it('is never another Nordic language than it is', () => {
    const nordic = SENTENCES.filter(([language]) => ['da', 'nb', 'nn', 'sv'].includes(language))
    for (const [language, text] of nordic) expect([language, null], text).toContain(guessLanguage(text))
  })

  it('is null where the words say too little', () => {
    for (const text of ['', 'OK', '12345', 'Kim Larsen', 'https://acme.test/the/and/of', '👍', 'INV-2026-001.pdf']) {
      expect(guessLanguage(text), text).toBeNull()
    }
  })

  it('is not swayed by addresses of web pages and mailboxes', () => {
    expect(
      guessLanguage(
        'Se https://www.the-and-of-you.test/what/is/this og the.and.of@acme.test. Jeg kan ikke logge på af sig selv',
      ),
    ).toBe('da')
  })

  it('costs under 50 µs for 2 KB', () => {
    const text = SENTENCES.slice(0, 40)
      .map(([, sentence]) => sentence)
      .join('\n')
      .slice(0, 2000)
    for (let round = 0; round < 500; round++) guessLanguage(text)
    const before = process.cpuUsage().user
    for (let round = 0; round < 2000; round++) guessLanguage(text)
    // Four times the aim, for machines that are slower or busy.
    expect((process.cpuUsage().user - before) / 2000).toBeLessThan(200)
  })
})
