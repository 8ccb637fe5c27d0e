import type { TextFormat } from './format.ts'

const ADDRESS = '<?[^\\s<>"\']{1,320}@[^\\s<>"\']{1,253}>?'

/** The sentence before the recipients in other languages: Exchange, Outlook.com, mail.ru, Yandex, GMX, KDDI, m-FILTER … */
const SENTENCES: readonly RegExp[] = [
  /(?:kunne ikke leveres|ikke leveret|ikke blive leveret|nåede ikke|kunne ikke nå|mislykkedes for (?:disse|følgende)|ikke levert|nådde ikke|mislyktes for)/i,
  /(?:gick inte att leverera|kunde inte levereras|levererades inte|nådde inte|misslyckades (?:till|för)|inte nå)/i,
  /(?:ei voitu toimittaa|toimitus epäonnistui|ei toimitettu|epäonnistui seuraaville)/i,
  /(?:nicht (?:an|zugestellt|erreicht|ausgeliefert)|konnte nicht|zustellung an|fehler bei der (?:nachrichten)?zustellung|unzustellbar)/i,
  /(?:pas pu (?:être|etre) (?:remis|délivré|delivre|distribué)|échec de la remise|n'a pas atteint|n'ont pas (?:pu|reçu)|non remis)/i,
  /(?:no se (?:pudo|ha podido|puede) entregar|no pudo ser entregado|error al entregar|no se entregó|no llegó)/i,
  /(?:não (?:pôde|foi possível|foi) ?(?:ser )?entreg|falha na entrega|impossibile (?:recapitare|consegnare)|non (?:è stato possibile )?(?:recapitar|consegnar)|non ha raggiunto|niet (?:worden )?(?:bezorgd|afgeleverd)|kan niet worden bezorgd)/i,
  /(?:ekki (?:tókst|hægt|unnt) að afhenda|náði ekki til|nepavyko pristatyti|neizdevās piegādāt|ei õnnestunud|nu (?:a putut|s-a putut) fi? ?livra|не вдалося доставити|δεν ήταν δυνατή η παράδοση)/i,
  /(?:nie (?:można|udało się) dostarczyć|nie został[ao]? dostarczon|nelze doručit|nebyla doručena|nem (?:sikerült|lehet) kézbesíteni|teslim edilemedi|iletilemedi)/i,
  /(?:не может быть доставлен|невозможно доставить|не удалось доставить|не доставлено|не может быть отправлено|не смогли доставить)/i,
  /(?:送信に失敗|送信できません|配信できません|配達できません|届けられません|お届けできません|无法(?:发送|送达|投递)|無法(?:傳送|傳遞|投遞)|不能送达|전달(?:할 수|되지)|배달)/,
]

export const LOCALIZED_FORMATS: readonly TextFormat[] = SENTENCES.map((begins) => ({
  name: `recipients after ${begins.source.slice(3, 30)}`,
  begins,
  recipient: new RegExp(`^(?:.{0,200}[\\s(<"'])?(${ADDRESS})`),
}))
