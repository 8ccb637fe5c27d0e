import { excerpt, type Problems } from '../problems.ts'

/** English first (RFC 5322), then what localised clients have written: the first three or four letters. */
const MONTHS: Record<string, number> = {}
for (const [index, names] of [
  'jan gen ene janv',
  'feb febr fev fév',
  'mar mär mrz mars maa',
  'apr avr abr',
  'may maj mai mag',
  'jun juin giu',
  'jul juil lug',
  'aug aou aoû ago',
  'sep sept set',
  'oct okt ott out',
  'nov',
  'dec dez des déc dic',
].entries()) {
  for (const name of names.split(' ')) MONTHS[name.replace('.', '')] ??= index
}

/** RFC 5322 section 4.3, and the European names that are met besides. Minutes east of UTC. */
const ZONES: Record<string, number> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  bst: 60,
  west: 60,
  cet: 60,
  met: 60,
  mez: 60,
  cest: 120,
  mest: 120,
  mesz: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  jst: 540,
  kst: 540,
  ist: 330,
}

/**
 * A Date header as ISO 8601 UTC, or null where it is none. RFC 5322 dates, those of asctime, ISO 8601 and the common
 * broken ones (no weekday, two-digit year, dots in the time, no zone, a zone in words); each guess is named.
 */
export function readDate(value: string, problems: Problems): string | null {
  const text = value
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .replace(/[()"]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const parts = rfcDate(text) ?? asctimeDate(text) ?? isoDate(text) ?? numericDate(text)
  if (!parts) {
    problems.add(`the Date header is not a date: ${excerpt(value)}`)
    return null
  }
  const zone = zoneOf(parts.zone, problems)
  const time = Date.UTC(parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second) - zone * 60_000
  return plausible(time, parts, value, problems)
}

interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  zone: string
}

function plausible(time: number, parts: Parts, value: string, problems: Problems): string | null {
  const year = parts.year
  if (
    Number.isNaN(time) ||
    parts.month > 11 ||
    parts.day < 1 ||
    parts.day > 31 ||
    parts.hour > 24 ||
    parts.minute > 59 ||
    parts.second > 60
  ) {
    problems.add(`the Date header is not a date: ${excerpt(value)}`)
    return null
  }
  if (year < 1900 || year > 2200) {
    problems.add(`the Date header cannot be true: the year ${year}`)
    return null
  }
  if (year < 1980) problems.add(`the Date header is hardly true: the year ${year}`)
  return new Date(time).toISOString()
}

const TIME = String.raw`(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d{1,9})?)?`
const RFC = new RegExp(
  String.raw`(?:^|[\s,])(\d{1,2})(?:\.|\. |-| |/)?([\p{L}]{3,12})\.?(?: |-|/|, )?(\d{2,4})(?:,? (?:kl\.? |at |um )?${TIME}(?: ?(am|pm))?)?(?: ?(.*))?$`,
  'iu',
)
const ASCTIME = new RegExp(
  String.raw`(?:^|[\s,])([\p{L}]{3,12})\.? (\d{1,2}),? (?:(\d{4}),? )?(?:at )?${TIME}(?: ?(am|pm))?(?: ([A-Z]{1,5}|[+-]\d{4}))?(?: (\d{4}))?(?: ([A-Z]{1,5}|(?:GMT|UTC)?[+-]\d{2}:?\d{2}))?`,
  'iu',
)
const ISO = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+${TIME})? ?(.*)$`, 'i')
const NUMERIC = new RegExp(
  String.raw`(?:^|[\s,])(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:,? ${TIME}(?: ?(am|pm))?)? ?(.*)$`,
  'i',
)

/** Fri, 20 Nov 2026 10:00:00 +0100 */
function rfcDate(text: string): Parts | null {
  const m = RFC.exec(text)
  const month = monthOf(m?.[2])
  return m && month !== null ? make(m[3], month, m[1], [m[4], m[5], m[6]], m[7], m[8]) : null
}

/** Fri Nov 20 10:00:00 2026, with the zone on either side of the year. */
function asctimeDate(text: string): Parts | null {
  const m = ASCTIME.exec(text)
  const month = monthOf(m?.[1])
  const year = m?.[3] ?? m?.[9]
  return m && month !== null && year ? make(year, month, m[2], [m[4], m[5], m[6]], m[7], m[8] ?? m[10]) : null
}

function isoDate(text: string): Parts | null {
  const m = ISO.exec(text)
  return m ? make(m[1], Number(m[2]) - 1, m[3], [m[4], m[5], m[6]], undefined, m[7]) : null
}

/** 20.11.2026 10:00, 20/11/2026: the day first, as everywhere but in the United States, unless that cannot be. */
function numericDate(text: string): Parts | null {
  const m = NUMERIC.exec(text)
  if (!m) return null
  const swap = Number(m[2]) > 12
  return make(m[3], Number(swap ? m[1] : m[2]) - 1, swap ? m[2] : m[1], [m[4], m[5], m[6]], m[7], m[8])
}

function monthOf(word: string | undefined): number | null {
  const name = (word ?? '').toLowerCase()
  return MONTHS[name] ?? MONTHS[name.slice(0, 4)] ?? MONTHS[name.slice(0, 3)] ?? null
}

function make(
  year: string | undefined,
  month: number,
  day: string | undefined,
  time: (string | undefined)[],
  half: string | undefined,
  zone: string | undefined,
): Parts {
  const hour = Number(time[0] ?? 0)
  const late = half?.toLowerCase() === 'pm' && hour < 12 ? 12 : half?.toLowerCase() === 'am' && hour === 12 ? -12 : 0
  return {
    year: fullYear(year ?? ''),
    month,
    day: Number(day),
    hour: hour + late,
    minute: Number(time[1] ?? 0),
    second: Math.min(59, Number(time[2] ?? 0)),
    zone: (zone ?? '').trim(),
  }
}

/** RFC 5322 section 4.3: two digits below 50 are this century, three digits count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year
  return digits.length === 3 ? 1900 + year : year
}

function zoneOf(zone: string, problems: Problems): number {
  const numeric = /^(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?\b/i.exec(zone)
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0)
    return minutes > 14 * 60 ? 0 : numeric[1] === '-' ? -minutes : minutes
  }
  const named = ZONES[/^[a-z]+/i.exec(zone)?.[0]?.toLowerCase() ?? '']
  if (named !== undefined) return named
  problems.add(
    zone === ''
      ? 'the Date header has no time zone: read as UTC'
      : `the Date header has an unknown time zone, read as UTC: ${excerpt(zone, 20)}`,
  )
  return 0
}
