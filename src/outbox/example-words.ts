import type { Language } from '../model/language.ts'

/** What made-up people say in made-up notices. */
export interface ExampleWords {
  title: string
  otherTitle: string
  question: string
  answer: string
  note: string
  area: string
  article: string
  otherArticle: string
  articleText: string
  articleComment: string
  signature: string
}

export const EXAMPLE_WORDS: Readonly<Record<Language, ExampleWords>> = {
  da: {
    title: 'Printeren på 2. sal er gået i stå',
    otherTitle: 'Adgang til fællesdrevet',
    question:
      'Hej\n\nPrinteren på 2. sal er gået i stå igen. Den viser fejl 49.4C02, og køen er lang.\n\nVi har prøvet https://intra.acme.example/hjaelp/printere/2-sal/fejlfinding?model=M608&fejl=49.4C02&afdeling=regnskab uden held.\n\nKim',
    answer:
      'Hej Kim\n\nPrøv at slukke printeren, vente ti sekunder og tænde den igen. Fejlen kommer af et job, der er gået i stykker, så slet køen, inden du tænder.\n\nAnna',
    note: 'Det er tredje gang i denne måned. Skal vi bestille en ny fuser?',
    area: 'Udskrivning',
    article: 'Sådan nulstiller du printeren',
    otherArticle: 'Scan til mail fra kopirummet',
    articleText: 'Hold den grønne knap inde i ti sekunder, til lampen blinker.\nVent derefter et minut.',
    articleComment: 'Det virkede, tak. Hos os blinker lampen gult.',
    signature: 'Venlig hilsen\nAcme Support',
  },
  nb: {
    title: 'Skriveren i 2. etasje har stoppet',
    otherTitle: 'Tilgang til fellesområdet',
    question:
      'Hei\n\nSkriveren i 2. etasje har stoppet igjen. Den viser feil 49.4C02, og køen er lang.\n\nVi har prøvd https://intra.acme.example/hjelp/skrivere/2-etasje/feilsoking?modell=M608&feil=49.4C02&avdeling=regnskap uten hell.\n\nKim',
    answer:
      'Hei Kim\n\nPrøv å slå av skriveren, vent ti sekunder og slå den på igjen. Feilen kommer av en jobb som er ødelagt, så slett køen før du slår på.\n\nAnna',
    note: 'Dette er tredje gang denne måneden. Skal vi bestille en ny fuser?',
    area: 'Utskrift',
    article: 'Slik nullstiller du skriveren',
    otherArticle: 'Skann til e-post fra kopirommet',
    articleText: 'Hold den grønne knappen inne i ti sekunder, til lampen blinker.\nVent deretter ett minutt.',
    articleComment: 'Det virket, takk. Hos oss blinker lampen gult.',
    signature: 'Vennlig hilsen\nAcme Support',
  },
  sv: {
    title: 'Skrivaren på plan 2 har stannat',
    otherTitle: 'Åtkomst till den gemensamma disken',
    question:
      'Hej\n\nSkrivaren på plan 2 har stannat igen. Den visar fel 49.4C02, och kön är lång.\n\nVi har provat https://intra.acme.example/hjalp/skrivare/plan-2/felsokning?modell=M608&fel=49.4C02&avdelning=ekonomi utan resultat.\n\nKim',
    answer:
      'Hej Kim\n\nProva att stänga av skrivaren, vänta tio sekunder och slå på den igen. Felet beror på ett trasigt jobb, så töm kön innan du slår på.\n\nAnna',
    note: 'Det är tredje gången den här månaden. Ska vi beställa en ny fixeringsenhet?',
    area: 'Utskrift',
    article: 'Så återställer du skrivaren',
    otherArticle: 'Skanna till e-post från kopieringsrummet',
    articleText: 'Håll in den gröna knappen i tio sekunder, tills lampan blinkar.\nVänta sedan en minut.',
    articleComment: 'Det fungerade, tack. Hos oss blinkar lampan gult.',
    signature: 'Vänliga hälsningar\nAcme Support',
  },
  en: {
    title: 'The printer on the second floor has stopped',
    otherTitle: 'Access to the shared drive',
    question:
      'Hello,\n\nThe printer on the second floor has stopped again. It shows error 49.4C02, and the queue is long.\n\nWe tried https://intra.acme.example/help/printers/second-floor/troubleshooting?model=M608&error=49.4C02&department=accounts without luck.\n\nKim',
    answer:
      'Hello Kim,\n\nPlease turn the printer off, wait ten seconds and turn it on again. The error comes from a broken job, so clear the queue before you turn it on.\n\nAnna',
    note: 'This is the third time this month. Shall we order a new fuser?',
    area: 'Printing',
    article: 'How to reset the printer',
    otherArticle: 'Scan to mail from the copy room',
    articleText: 'Hold the green button for ten seconds, until the lamp blinks.\nThen wait a minute.',
    articleComment: 'That worked, thank you. Ours blinks yellow.',
    signature: 'Kind regards\nAcme Support',
  },
}
