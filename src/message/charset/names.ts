/**
 * What mails call their charsets, and what they mean by it. Supersets stand for the sets that clients confuse
 * them with, as in the WHATWG Encoding Standard: windows-1252 for ISO-8859-1, GB18030 for GB2312, CP949 for EUC-KR.
 */
const MEANT: Record<string, string> = {
  'us-ascii': 'ascii',
  ascii: 'ascii',
  'ansi_x3.4-1968': 'ascii',
  '7bit': 'ascii',
  utf8: 'utf-8',
  'utf-8': 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  utf8mb4: 'utf-8',
  'utf-8n': 'utf-8',
  cp65001: 'utf-8',
  'unicode-1-1-utf-7': 'utf-7',
  utf7: 'utf-7',
  'x-unicode-2-0-utf-7': 'utf-7',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  'iso_8859-1': 'windows-1252',
  'iso-8859-1-windows-3.1-latin-1': 'windows-1252',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  cp1252: 'windows-1252',
  ansi: 'windows-1252',
  'windows-1252': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
  'tis-620': 'windows-874',
  'iso-8859-8-i': 'iso-8859-8',
  'iso-8859-8-e': 'iso-8859-8',
  'iso-8859-6-i': 'iso-8859-6',
  'iso-8859-6-e': 'iso-8859-6',
  logical: 'iso-8859-8',
  visual: 'iso-8859-8',
  koi8: 'koi8-r',
  gb2312: 'gb18030',
  'x-gbk': 'gb18030',
  gbk: 'gb18030',
  cp936: 'gb18030',
  'windows-936': 'gb18030',
  'gb_2312-80': 'gb18030',
  'euc-cn': 'gb18030',
  'hz-gb-2312': 'hz',
  big5: 'big5-hkscs',
  'x-big5': 'big5-hkscs',
  'cn-big5': 'big5-hkscs',
  cp950: 'big5-hkscs',
  'windows-950': 'big5-hkscs',
  shift_jis: 'cp932',
  'shift-jis': 'cp932',
  sjis: 'cp932',
  'x-sjis': 'cp932',
  ms_kanji: 'cp932',
  'windows-31j': 'cp932',
  'windows-932': 'cp932',
  'x-euc-jp': 'euc-jp',
  eucjp: 'euc-jp',
  'iso-2022-jp': 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-3': 'iso-2022-jp',
  'iso-2022-jp-2004': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  csiso2022jp: 'iso-2022-jp',
  jis: 'iso-2022-jp',
  'ks_c_5601-1987': 'cp949',
  ks_c_5601: 'cp949',
  ksc5601: 'cp949',
  'euc-kr': 'cp949',
  euckr: 'cp949',
  'windows-949': 'cp949',
  uhc: 'cp949',
  'iso-2022-kr': 'iso-2022-kr',
}

/** Labels that say nothing. */
const NOTHING = new Set([
  '',
  'unknown',
  'unknown-8bit',
  'x-unknown',
  '8bit',
  'binary',
  'default',
  'default_charset',
  'none',
  'x-user-defined',
  'utf',
  'charset',
  'iso',
  'text',
  'us',
  'auto',
  '_autodetect',
  '_autodetect_all',
  '_iso-2022-jp$esc',
])

/**
 * The charset that a mail's label means, in the spelling that `decodeAs` takes; null where the label says nothing.
 * A label nobody knows comes back as it stands, lower case.
 */
export function charsetOf(label: string | null): string | null {
  const name = (label ?? '')
    .trim()
    .replace(/^["']+|["']+$/g, '')
    .replace(/\*.*$/, '')
    .trim()
    .toLowerCase()
  if (NOTHING.has(name)) return null
  return (
    MEANT[name] ??
    MEANT[name.replace(/^x-|^cs/, '')] ??
    MEANT[name.replace(/_/g, '-')] ??
    name.replace(/^cp-?(125\d|874)$/, 'windows-$1')
  )
}
