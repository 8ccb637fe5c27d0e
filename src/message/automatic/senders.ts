/** Local parts of newsletters: bulk where the headers say something of the kind too. */
export const MAILING_LOCAL =
  /^(?:news(?:letter)?s?|nyhedsbrev|nyhetsbrev|uutiskirje|marketing|mailing|campaigns?|kampagne|offers?|tilbud|promo(?:tions?)?)\b/i

/** Local parts that no person reads mail under, nor writes with. */
export const ROBOT_LOCAL =
  /^(?:(?:no|do-?not|dont|donot|ikke|inte|svar-?ikke|svara-?ej|svara-?inte|ej|ala|nicht|ne-?pas)[-_.]?(?:reply|respond|answer|besvar(?:e|es)?|svar(?:a|e)?|vastaa|antworten|repondre)|no[-_.]?reply.*|.*[-_.+](?:no-?reply|noreply|donotreply)|noreply.*|donotreply.*|svar-?ikke|ingen-?svar|ikke-?svar|svarainte|ej-?svar|ei-?vastausta|keine-?antwort|mailer-daemon|cron(?:-?daemon)?|www-data|nagios|zabbix|icinga|monit(?:or(?:ing)?)?|logwatch|fail2ban|anacron|daemon|automat(?:ic|ed|ion)?|notifications?|alerts?)$/i

/** Programs that people write mail with, as they name themselves in X-Mailer and User-Agent. */
export const MAIL_CLIENT =
  /\b(?:outlook|thunderbird|apple mail|(?:iphone|ipad) mail|mutt|k-?9|evolution|kmail|roundcube|airmail|spark|em client|the bat|(?:lotus|hcl) notes|gnus|claws|sylpheed|postbox|mailmate|zimbra|open-xchange|sogo|horde|squirrelmail|mozilla|icedove|alpine|pine|geary|vivaldi|betterbird|fairemail|bluemail|samsung|android|groupwise|rainloop|snappymail|mailspring|gmx|webmail)/i
