/**
 * Registrable domains at which anybody can have an address: two people there have nothing to do with each other.
 * The large providers of the world, and the access and portal providers of the Nordic countries and their neighbours.
 */
export const PUBLIC_MAIL_DOMAINS: ReadonlySet<string> = new Set(
  `
  gmail.com googlemail.com
  outlook.com outlook.dk outlook.de outlook.fr outlook.es outlook.it hotmail.com hotmail.dk hotmail.no hotmail.se
  hotmail.fi hotmail.co.uk hotmail.de hotmail.fr hotmail.it hotmail.es hotmail.nl live.com live.dk live.no live.se live.fi
  live.co.uk live.de live.fr live.it live.nl msn.com passport.com windowslive.com
  yahoo.com yahoo.dk yahoo.no yahoo.se yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.ca yahoo.in yahoo.co.in
  yahoo.co.jp yahoo.com.br yahoo.com.au ymail.com rocketmail.com myyahoo.com aol.com aol.co.uk aol.de aim.com verizon.net
  icloud.com me.com mac.com
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me
  fastmail.com fastmail.fm fastmail.net hey.com duck.com mozmail.com hushmail.com mailbox.org posteo.de posteo.net
  posteo.dk runbox.com startmail.com zoho.com zohomail.com zohomail.eu gmx.com gmx.net gmx.de gmx.at gmx.ch web.de
  freenet.de t-online.de arcor.de online.de email.de mail.de mail.com email.com usa.com europe.com post.com
  jubii.dk ofir.dk mail.dk get2net.dk tdcadsl.dk tdcspace.dk tele2adsl.dk mail.tele.dk tele.dk post.tele.dk stofanet.dk
  youmail.dk webspeed.dk vip.cybercity.dk cybercity.dk fibermail.dk
  altiboxmail.dk profibermail.dk energimail.dk waoomail.dk
  online.no broadpark.no start.no frisurf.no c2i.net lyse.net getmail.no epost.no altiboxmail.no
  telia.com telia.se bredband.net comhem.se spray.se passagen.se swipnet.se tele2.se glocalnet.net bahnhof.se
  home.se algonet.se hem.se ownit.nu
  elisanet.fi kolumbus.fi luukku.com suomi24.fi saunalahti.fi pp.inet.fi inet.fi dnainternet.net welho.com netti.fi
  simnet.is internet.is visir.is islandia.is
  comcast.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com netzero.net optonline.net
  btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com virgin.net ntlworld.com blueyonder.co.uk
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr ziggo.nl kpnmail.nl planet.nl home.nl hetnet.nl xs4all.nl
  telenet.be skynet.be proximus.be libero.it virgilio.it tiscali.it alice.it tin.it
  wp.pl o2.pl onet.pl onet.eu interia.pl interia.eu gazeta.pl poczta.fm seznam.cz centrum.cz email.cz azet.sk
  mail.ru bk.ru inbox.ru list.ru internet.ru rambler.ru yandex.ru yandex.com ya.ru ukr.net i.ua meta.ua
  qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn aliyun.com naver.com daum.net
  hanmail.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com uol.com.br bol.com.br terra.com.br
  bigpond.com bigpond.net.au optusnet.com.au xtra.co.nz shaw.ca rogers.com sympatico.ca telus.net
  mailinator.com guerrillamail.com yopmail.com trashmail.com 10minutemail.com temp-mail.org sharklasers.com
  privaterelay.appleid.com simplelogin.com anonaddy.com
  `
    .trim()
    .split(/\s+/),
)
