/**
 * Words that are common in short mails, per language, folded to lower case. A word that several languages share speaks
 * less for each of them, so that what tells da, nb, nn and sv apart must stand here for all four.
 */
export const LANGUAGE_WORDS: Readonly<Record<string, string>> = {
  da:
    'og er det at en et den der som på med for til ikke jeg du vi de har af hvad hvor hvordan hvorfor hvornår mig dig sig ' +
    'os jer jeres vores min din mit dit nogen nogle noget efter også fra ved mere meget nu igen uden mellem kun bare selv ' +
    'kan skal vil må blev bliver være været havde fik får gik går gør gøre siger ved tror lige gerne tak kære hej venlig ' +
    'hilsen hilsner mvh kunne ville skulle så men om hvis når da eller ind ud op ned mod sidst uge dag år hjælp hjælpe ' +
    'spørgsmål besked fejl virker bruge bruger købt købe bestilling adgangskode hjemmeside opgave sag svar sende sendt ' +
    'skriver skrive regning kunde min mine dine sine alle andre intet ingen deres hendes han hun ham hende denne dette disse ' +
    'god godt dårlig undskyld beklager venligst prøvet prøve stadig endnu allerede altid aldrig igår imorgen morgen tidspunkt ' +
    'i ad hver hele helt lille store nye ny to tre fejlmeddelelse logge dem end hos konto kontoen fakturaen regningen forkert ' +
    'tager tage løbet tid længe mulig muligt desværre låst lukket åbne kommer komme adgang oplysninger bedes hermed vedhæftet',
  nb:
    'og er det at en et den der som på med for til ikke jeg du vi de har av hva hvor hvordan hvorfor når meg deg seg oss ' +
    'dere deres vår våre vårt min din mitt ditt noen noe etter også fra ved mer mye nå igjen uten mellom kun bare selv kan ' +
    'skal vil må ble blir være vært hadde fikk får gikk går gjør gjøre sier vet tror gjerne takk kjære hei vennlig hilsen ' +
    'mvh kunne ville skulle så men om hvis da eller inn ut opp ned mot sist uke dag år hjelp hjelpe spørsmål beskjed feil ' +
    'virker fungerer bruke bruker kjøpt kjøpe bestilling passord nettside hjemmeside sak svar sende sendt skriver skrive regning kunde ' +
    'mine dine sine alle andre ingenting ingen hennes han hun ham henne denne dette disse god godt dårlig unnskyld beklager ' +
    'vennligst prøvd prøve fortsatt ennå fremdeles allerede alltid aldri igår morgen i av hver hele helt liten store nye ny to tre ' +
    'feilmelding logge dem enn hos veldig skjer skjedde lage jobbe slik hvilken dessverre tilbake snart jo å ' +
    'konto kontoen fakturaen regningen tar ta tid lenge mulig låst stengt åpne kommer komme tilgang opplysninger vedlagt trenger tilbakestille',
  nn:
    'og er det at ein eit den der som på med for til ikkje eg du vi me dei har av kva kor korleis kvifor når meg deg seg oss ' +
    'dykk dykkar vår våre vårt min din mitt ditt nokon noko nokre nokon etter også òg frå ved meir mykje no igjen utan mellom ' +
    'berre sjølv kan skal vil må vart blir bli vere vore hadde fekk får gjekk går gjer gjere seier veit trur gjerne takk kjære ' +
    'hei venleg helsing mvh kunne ville skulle så men om viss dersom då eller inn ut opp ned mot sist veke dag år hjelp hjelpe ' +
    'spørsmål melding feil verkar fungerer bruke brukar kjøpt kjøpe tinga bestilling passord nettside sak svar sende sendt skriv ' +
    'skrive rekning kunde mine dine alle andre ingenting ingen ho han henne denne dette desse god godt dårleg orsak beklagar ' +
    'ver prøvd prøve framleis enno allereie alltid aldri går morgon i kvar heile heilt liten store nye ny to tre feilmelding ' +
    'logge dei enn hjå veldig skjer skjedde lage slik kven deira saman heim tilbake snart eigen kjem seinare å ' +
    'konto kontoen fakturaen rekninga tek ta tid lenge mogleg låst stengd opne kome tilgang opplysningar vedlagt treng',
  sv:
    'och är det att en ett den där som på med för till inte jag du vi de har av vad var hur varför när mig dig sig oss er ert ' +
    'era vår våra vårt min din mitt ditt någon något några efter också från vid mer mycket nu igen utan mellan bara själv kan ' +
    'ska skall vill måste blev blir vara varit hade fick får gick går gör göra säger vet tror gärna tack hej hejsan vänlig ' +
    'vänliga hälsning hälsningar mvh kunde ville skulle så men om ifall eller in ut upp ned mot senast vecka dag år hjälp ' +
    'hjälpa fråga frågor meddelande fel fungerar använda använder köpt köpa beställning lösenord hemsida ärende svar skicka ' +
    'skickat skriver skriva faktura kund mina dina alla andra inget ingen hennes han hon honom henne denna detta dessa god ' +
    'bra dålig ursäkta tyvärr vänligen försökt försöka fortfarande ännu redan alltid aldrig igår imorgon morgon i av varje ' +
    'hela helt liten stora nya ny två tre felmeddelande logga dem än hos väldigt händer snart ju tillbaka ni behöver finns någonting hemma kommer ' +
    'konto kontot fakturan räkningen tar ta tid länge möjligt låst stängt öppna komma åtkomst uppgifter bifogad bifogat',
  en:
    'the and is it that a an of to in for on with not i you we they have has are was what where how why when me us our your my ' +
    'some something any after also from by more much now again without between only just can could will would should must ' +
    'been had get got go going do does did please thanks thank dear hello hi kind regards best but if or into out up down ' +
    'last week day year help question message error works working use using bought buy order password website case answer ' +
    'send sent write invoice customer all other nothing none his her him he she this these those good bad sorry tried try ' +
    'still yet already always never yesterday tomorrow morning each whole new two three log login them than at be there their ' +
    "don't i'm it's can't doesn't won't no yes who which know need want see as so very back soon received about tell let am work changed cannot",
  fi:
    'ja on se että ei en et emme ette eivät minä sinä hän me te he olen olet olemme olette ovat oli mitä missä miten miksi ' +
    'milloin minun sinun meidän teidän jos kun mutta tai myös vain vielä nyt kiitos hei terveisin ystävällisin terveisin moi ' +
    'voin voi voitte voisitteko voiko onko olisi pitää täytyy saan saanut sain tämä tuo nämä joku jotain kaikki mikään kanssa ' +
    'ilman jälkeen ennen viikko päivä vuosi apua auttaa kysymys viesti virhe toimi toimii käyttää ostin tilaus salasana ' +
    'sivusto vastaus lähettää lasku asiakas hyvä huono anteeksi yritin edelleen jo aina koskaan eilen huomenna sitten niin ' +
    'kuin joka jotka mukaan kiitoksia hyvää huomenta päivää uusi uuden ole tullut sinulle minulle teille teiltä asia minulla kirjautua ' +
    'tili tilini lukittu väärin laskun laskua kauan kestää tilaukseni saapunut',
  is:
    'og er það að en við sem á með fyrir til ekki ég þú þið þeir þær hefur hafa af hvað hvar hvernig hvers hvenær mig þig sig ' +
    'okkur ykkur minn þinn einhver eitthvað eftir líka frá meira mjög núna aftur án milli bara sjálfur get getur skal vil má ' +
    'var verið hafði fékk fæ gerir gera takk kæri kæra halló hæ sæl sæll kveðja kveðju bestu mbk svo um ef þegar eða inn út ' +
    'upp niður síðast vika dagur ár hjálp hjálpa spurning skilaboð villa virkar nota keypti pöntun lykilorð svar senda sendi ' +
    'skrifa reikning allir þetta þessi gott góðan daginn fyrirgefðu reyndi enn alltaf aldrei í gær morgun reikningurinn rangur vefinn aðgang aðgangur',
  fo: 'og er tað at ein eitt sum á við fyri til ikki eg tú vit tit tey hevur av hvat hvar hvussu hví meg teg seg okkum eisini frá meira nógv nú aftur uttan bert kann skal vil takk góðan dag heilsan vinarliga hava verið',
  de:
    'und ist das dass ein eine einen der die den dem des als auf mit für zu nicht ich du wir sie ihr haben habe hat von was wo ' +
    'wie warum wann mich dich sich uns euch unser unsere ihre ihren mein meine dein etwas nach auch aus bei mehr sehr jetzt ' +
    'wieder ohne zwischen nur selbst kann können soll will muss wurde wird werden sein gewesen war hatte bekommen geht ging ' +
    'macht machen bitte danke vielen dank liebe lieber hallo guten tag freundliche freundlichen grüße grüßen gruß mfg aber ' +
    'wenn oder in im ins am um letzte woche jahr hilfe helfen frage nachricht fehler funktioniert benutzen gekauft bestellung ' +
    'passwort antwort senden gesendet schreiben rechnung kunde alle andere nichts kein keine dieser diese dieses gut schlecht ' +
    'leider entschuldigung versucht noch schon immer nie gestern morgen es an bin sind zum zur mir ihnen seit über',
  nl:
    'en is het dat een de van op met voor niet ik je jij u we wij ze zij hebben heb heeft wat waar hoe waarom wanneer mij ons ' +
    'onze uw mijn jouw iets na ook uit bij meer veel nu weer zonder tussen alleen zelf kan kunnen zal wil moet werd wordt ' +
    'worden zijn geweest was had gekregen gaat ging doet doen graag bedankt dank beste hallo goedemorgen goedendag ' +
    'vriendelijke groet groeten maar als of in naar aan om vorige week dag jaar hulp helpen vraag bericht fout werkt gebruiken ' +
    'gekocht bestelling wachtwoord antwoord sturen gestuurd schrijven factuur klant alle andere niets geen deze dit die goed ' +
    'slecht helaas sorry geprobeerd nog al altijd nooit gisteren morgen er te ben hier daar kunt',
  fr:
    'et est le la les un une des de du que qui pour sur avec pas ne je tu nous vous ils elle il ont ai avez avons ce cela où ' +
    'comment pourquoi quand me se mon ma mes notre votre vos quelque après aussi plus très maintenant sans entre seulement ' +
    'peut peux pouvez dois faire fait été être suis sont était merci cher chère bonjour bonsoir cordialement salutations mais ' +
    'si ou dans en au aux dernière semaine jour année aide aider question message erreur fonctionne marche utiliser acheté ' +
    'commande réponse envoyer envoyé écrire facture client tous autre rien aucun cette ces bon mauvais désolé essayé encore ' +
    "déjà toujours jamais hier demain j'ai c'est n'est d'un s'il l'ai par svp chez leur",
  es:
    'y es el la los las un una de del que por para con no yo tú nosotros usted ustedes ellos han he ha tengo tiene qué dónde ' +
    'cómo cuándo me se mi su sus nuestro algo después también más muy ahora sin entre solo puede puedo pueden debo hacer hecho ' +
    'sido ser estoy está están era gracias estimado estimada hola buenos buenas días tardes saludos cordial pero si o en al ' +
    'última semana día año ayuda ayudar pregunta mensaje error funciona usar compré pedido contraseña respuesta enviar enviado ' +
    'escribir factura cliente todos otro nada ninguno este esta estos bueno malo siento intentado todavía ya siempre nunca ayer mañana lo le les favor cuenta página sitio mis tus',
  pt:
    'e é o a os as um uma de do da dos das que por para com não eu nós você vocês eles têm tenho tem foi onde como quando me ' +
    'se meu minha seu sua nosso algo depois também mais muito agora sem entre só pode posso podem devo fazer feito sido ser ' +
    'estou está estão era obrigado obrigada prezado prezados caro olá bom dia boa tarde noite cumprimentos atenciosamente mas ' +
    'ou em no na nos nas ao última semana ano ajuda ajudar pergunta mensagem erro funciona usar comprei pedido encomenda senha ' +
    'resposta enviar enviei escrever fatura cliente todos outro nada nenhum este esta isso bom mau desculpe tentei ainda já sempre nunca ontem amanhã consigo',
  it:
    'e è il lo la i gli le un una uno di del della dei che per con non io noi voi loro hanno ho ha abbiamo cosa dove come ' +
    'perché quando mi si mio mia suo nostro vostro qualcosa dopo anche più molto ora senza tra solo può posso potete devo fare ' +
    'fatto stato essere sono sta era grazie gentile caro ciao buongiorno buonasera salve cordiali saluti ma se o in nel nella ' +
    'al alla ultima settimana giorno anno aiuto aiutare domanda messaggio errore funziona usare comprato ordine risposta ' +
    'inviare inviato scrivere fattura cliente tutti altro niente nessuno questo questa buono scusi provato ancora già sempre mai ieri domani ci vi',
  ca: 'i és el la els les un una de del que per amb no jo nosaltres vostè han he ha tinc què on com quan em es meu seva després també més molt ara sense entre només puc pot fer fet estat gràcies hola bon dia salutacions però si o al setmana ajuda missatge funciona comanda factura tots res aquest aquesta encara sempre mai ahir demà',
  pl:
    'i jest to że nie na z w do się ja ty my wy oni mam ma mamy co gdzie jak dlaczego kiedy mnie mi ci nas was mój moja wasz ' +
    'coś po też także od przy więcej bardzo teraz znowu bez między tylko może mogę można muszę był była było być dziękuję ' +
    'dzięki szanowni państwo dzień dobry witam cześć pozdrawiam pozdrowienia ale jeśli lub czy ostatni tydzień rok pomoc proszę ' +
    'pytanie wiadomość błąd działa używać kupiłem zamówienie hasło odpowiedź wysłać wysłałem pisać faktura klient wszystko inny ' +
    'nic ten ta te dobry przepraszam jeszcze już zawsze nigdy wczoraj jutro dla za o jak są przez',
  cs:
    'a je to že ne na s v do se já ty my vy oni mám má máme co kde jak proč kdy mě mi nás vás můj moje váš něco po také od při ' +
    'více velmi teď zase bez mezi jen jenom může mohu můžete musím byl byla bylo být děkuji díky vážení dobrý den ahoj pozdravem ' +
    's pozdravem ale pokud nebo zda poslední týden rok pomoc prosím otázka zpráva chyba funguje používat koupil objednávka heslo ' +
    'odpověď poslat poslal psát faktura zákazník vše jiný nic ten tento tato dobře omlouvám ještě už vždy nikdy včera zítra pro jsem jsme jste jsou',
  sk:
    'a je to že nie na s v do sa ja ty my vy oni mám má máme čo kde ako prečo kedy ma mi nás vás môj moje váš niečo po tiež od pri ' +
    'viac veľmi teraz zase bez medzi len iba môže môžem môžete musím bol bola bolo byť ďakujem vďaka vážení dobrý deň ahoj pozdravom ' +
    'ale ak alebo či posledný týždeň rok pomoc prosím otázka správa chyba funguje používať kúpil objednávka heslo odpoveď poslať ' +
    'poslal písať faktúra zákazník všetko iný nič ten tento táto dobre ospravedlňujem ešte už vždy nikdy včera zajtra pre som sme ste sú',
  sl: 'in je to da ne na s z v do se jaz ti mi vi oni imam ima imamo kaj kje kako zakaj kdaj mene nas vas moj moja vaš nekaj po tudi od pri več zelo zdaj spet brez med samo lahko moram bil bila bilo biti hvala spoštovani pozdravljeni dober dan živjo lep pozdrav ampak če ali teden leto pomoč prosim vprašanje sporočilo napaka deluje naročilo geslo odgovor poslati račun vse nič ta še že vedno nikoli včeraj jutri za sem smo ste so',
  hr: 'i je to da ne na s u do se ja ti mi vi oni imam ima imamo što šta gdje gde kako zašto kada mene nas vas moj moja vaš nešto nakon također takođe od pri više vrlo veoma sada opet bez između samo može mogu možete moram bio bila bilo biti hvala poštovani pozdrav dobar dan bok zdravo lijep srdačan ali ako ili tjedan nedelja godina pomoć molim pitanje poruka greška radi narudžba lozinka odgovor poslati račun sve ništa ovaj ova još već uvijek uvek nikad jučer juče sutra za sam smo ste su',
  hu:
    'és az a hogy nem egy van meg is én te mi ti ők vagyok vagyunk mit hol hogyan miért mikor engem minket önök ön valami után ' +
    'több nagyon most újra nélkül között csak tudom tudok lehet kell volt lenni köszönöm köszönjük tisztelt kedves szia üdvözlettel ' +
    'jó napot de ha vagy utolsó hét nap év segítség kérem kérdés üzenet hiba működik használni vettem rendelés jelszó válasz küldeni ' +
    'küldtem írni számla ügyfél minden más semmi ez ezt még már mindig soha tegnap holnap tudna szeretném mert',
  ro: 'și şi este e că nu pe cu pentru în la de eu tu noi voi ei am are avem ce unde cum când mă se meu mea nostru vostru ceva după și mai foarte acum fără între doar poate pot puteți trebuie face făcut fost fi sunt era mulțumesc mulţumesc stimate dragă bună ziua salut cordial respect dar dacă sau din ultima săptămână zi an ajutor întrebare mesaj eroare funcționează comandă parolă răspuns trimite trimis factură client toate alt nimic acest această încă deja mereu niciodată ieri mâine vă rog un o',
  et: 'ja on see et ei ma mina sa sina me meie te teie nad olen oled oleme olete oli mida kus kuidas miks millal mind minu sinu midagi pärast ka rohkem väga nüüd uuesti ilma vahel ainult võin saan saab peab olnud aitäh tänan lugupeetud tere tervist tervitades parimate soovidega aga kui või viimane nädal päev aasta abi palun küsimus sõnum viga töötab kasutada ostsin tellimus parool vastus saata saatsin kirjutada arve klient kõik teine mitte midagi ikka juba alati eile homme',
  lv: 'un ir tas ka nav ne es tu mēs jūs viņi man jums mums kas kur kā kāpēc kad mans jūsu kaut pēc arī no pie vairāk ļoti tagad atkal bez starp tikai var varu jābūt bija būt paldies cienījamie labdien sveiki cieņu bet ja vai pēdējā nedēļa diena gads palīdzība lūdzu jautājums ziņa kļūda darbojas pasūtījums parole atbilde nosūtīt rēķins viss nekas šis šī vēl jau vienmēr nekad vakar rīt uz par ar',
  lt: 'ir yra tai kad ne nėra aš tu mes jūs jie man jums mums kas kur kaip kodėl kada mano jūsų kažkas po taip pat iš prie daugiau labai dabar vėl be tarp tik gali galiu turi buvo būti ačiū gerbiami laba diena sveiki pagarbiai bet jei ar arba paskutinė savaitė metai pagalba prašau klausimas žinutė klaida veikia užsakymas slaptažodis atsakymas siųsti sąskaita viskas niekas šis ši dar jau visada niekada vakar rytoj į dėl su apie',
  tr:
    've bir bu için ile değil mi mı ben sen biz siz onlar var yok ne nerede nasıl neden zaman beni bana bize size benim bizim ' +
    'sizin bir şey sonra da de daha çok şimdi tekrar olmadan arasında sadece olabilir yapabilir lazım oldu olarak olmak teşekkürler ' +
    'teşekkür ederim sayın merhaba günaydın iyi günler saygılarımla selamlar ama eğer veya son hafta gün yıl yardım lütfen soru ' +
    'mesaj hata çalışıyor çalışmıyor kullanmak aldım sipariş şifre cevap göndermek gönderdim fatura müşteri her hiç şu hala zaten dün yarın kadar gibi',
  eu: 'eta da ez du bat hau hori zer non nola noiz ni gu zu zuek dut duzu dugu naiz zara gara mesedez eskerrik asko kaixo egun on agur bat baina edo oso orain ere bakarrik',
  vi: 'và là của không có tôi bạn chúng cho với được này đã đang sẽ các một những ở đâu như thế nào tại sao khi nào cảm ơn xin chào kính gửi trân trọng nhưng nếu hoặc giúp câu hỏi tin nhắn lỗi đơn hàng mật khẩu hóa đơn',
  id: 'dan yang di ke dari untuk dengan tidak ini itu saya anda kami kita mereka ada adalah apa mana bagaimana mengapa kapan akan sudah telah bisa dapat harus terima kasih halo selamat pagi siang hormat tetapi jika atau minggu hari tahun bantuan tolong pertanyaan pesan kesalahan pesanan kata sandi jawaban mengirim faktur pelanggan semua masih belum',
}

/** Words that tell apart the languages written in Cyrillic. */
export const CYRILLIC_WORDS: Readonly<Record<string, string>> = {
  ru: 'и не на я что с это как по но мы вы он она они у из за от для был была если или уже ещё еще есть нет спасибо здравствуйте добрый день пожалуйста уважением вопрос заказ ошибка работает почему когда где мне вас нас очень',
  uk: 'і не на я що з це як по але ми ви він вона вони у із за від для був була якщо або вже ще є немає дякую вітаю добрий день ласка повагою питання замовлення помилка працює чому коли де мені вас нас дуже та й',
  be: 'і не на я што з гэта як па але мы вы ён яна яны у за ад для быў была калі або ужо яшчэ ёсць няма дзякуй добры дзень калі ласка пытанне памылка працуе чаму дзе мне вас нас вельмі',
  bg: 'и не на аз че с това как по но ние вие той тя те от за беше ако или вече още има няма благодаря здравейте добър ден моля поздрави въпрос поръчка грешка работи защо кога къде ми ви ни много се да е са съм ще',
  sr: 'и не на ја што шта са то како по али ми ви он она они у од за био била ако или већ још има нема хвала поштовани добар дан молим поздрав питање грешка ради зашто када где вас нас веома се да је су сам',
  mk: 'и не на јас што со тоа како по но ние вие тој таа тие од за беше ако или веќе уште има нема благодарам здраво добар ден молам поздрав прашање нарачка грешка работи зошто кога каде ве не многу се да е се сум ќе',
}

/** How much one letter speaks for a language. */
export const LANGUAGE_LETTERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  æ: { da: 0.3, nb: 0.15, nn: 0.15, is: 0.15, fo: 0.1 },
  ø: { da: 0.25, nb: 0.25, nn: 0.2, fo: 0.15 },
  å: { da: 0.2, nb: 0.2, nn: 0.2, sv: 0.2 },
  ä: { sv: 0.2, fi: 0.25, de: 0.2, et: 0.2 },
  ö: { sv: 0.2, fi: 0.15, de: 0.2, et: 0.1, is: 0.1, tr: 0.1, hu: 0.1 },
  ü: { de: 0.25, tr: 0.15, et: 0.2, hu: 0.1 },
  ß: { de: 0.8 },
  þ: { is: 0.8 },
  ð: { is: 0.5, fo: 0.4 },
  õ: { et: 0.4, pt: 0.3 },
  ã: { pt: 0.5 },
  ñ: { es: 0.6 },
  '¿': { es: 0.8 },
  '¡': { es: 0.6 },
  ç: { fr: 0.2, pt: 0.2, tr: 0.2, ca: 0.2 },
  è: { fr: 0.2, it: 0.3, ca: 0.2 },
  ê: { fr: 0.3, pt: 0.2 },
  œ: { fr: 0.6 },
  ù: { fr: 0.2, it: 0.3 },
  ò: { it: 0.3, ca: 0.2 },
  ł: { pl: 0.6 },
  ą: { pl: 0.3, lt: 0.2 },
  ę: { pl: 0.3, lt: 0.2 },
  ż: { pl: 0.6 },
  ś: { pl: 0.6 },
  ř: { cs: 0.7 },
  ě: { cs: 0.7 },
  ů: { cs: 0.7 },
  ľ: { sk: 0.7 },
  ŕ: { sk: 0.7 },
  ô: { sk: 0.3, fr: 0.2, pt: 0.1, vi: 0.1 },
  đ: { hr: 0.3, vi: 0.4 },
  ő: { hu: 0.8 },
  ű: { hu: 0.8 },
  ă: { ro: 0.4, vi: 0.2 },
  ț: { ro: 0.6 },
  ș: { ro: 0.6 },
  ţ: { ro: 0.5 },
  ş: { tr: 0.4, ro: 0.3 },
  ğ: { tr: 0.7 },
  ı: { tr: 0.7 },
  ā: { lv: 0.5 },
  ē: { lv: 0.5 },
  ī: { lv: 0.4 },
  ņ: { lv: 0.6 },
  ė: { lt: 0.7 },
  ų: { lt: 0.6 },
  į: { lt: 0.6 },
  і: { uk: 0.3, be: 0.3 },
  ї: { uk: 0.8 },
  є: { uk: 0.7 },
  ў: { be: 0.9 },
  ы: { ru: 0.3, be: 0.2 },
  э: { ru: 0.3, be: 0.2 },
  ё: { ru: 0.2, be: 0.2 },
  ъ: { bg: 0.4, ru: 0.1 },
  ј: { sr: 0.5, mk: 0.5 },
  љ: { sr: 0.4, mk: 0.3 },
  њ: { sr: 0.4, mk: 0.3 },
  ђ: { sr: 0.9 },
  ћ: { sr: 0.9 },
  ќ: { mk: 0.9 },
  ѓ: { mk: 0.9 },
}

/** Endings that tell the Nordic languages apart where the words themselves are rare. */
export const LANGUAGE_ENDINGS: readonly (readonly [ending: string, languages: Readonly<Record<string, number>>])[] = [
  ['sjon', { nb: 0.4, nn: 0.4 }],
  ['sjonen', { nb: 0.5, nn: 0.5 }],
  ['hed', { da: 0.4 }],
  ['heden', { da: 0.4 }],
  ['heten', { sv: 0.3, nb: 0.3 }],
  ['leiken', { nn: 0.5 }],
  ['arna', { sv: 0.4 }],
  ['orna', { sv: 0.4 }],
  ['erna', { sv: 0.3 }],
  ['ingar', { nn: 0.3, sv: 0.3 }],
  ['ane', { nn: 0.2 }],
  ['erede', { da: 0.4 }],
  ['eret', { da: 0.25 }],
  ['erte', { nb: 0.15 }],
  ['erat', { sv: 0.3 }],
  ['nnen', { nb: 0.05, fi: 0.05 }],
  ['ssa', { fi: 0.3 }],
  ['ssä', { fi: 0.3 }],
  ['sta', { fi: 0.1 }],
  ['lla', { fi: 0.15 }],
  ['llä', { fi: 0.3 }],
  ['lle', { fi: 0.1 }],
  ['nut', { fi: 0.15 }],
  ['ung', { de: 0.2 }],
  ['keit', { de: 0.3 }],
]
