import { monthOfWord } from './month-names.ts'

/** Minutes east of UTC for the abbreviations that clients write. Those with several meanings read as the commonest in mail. */
// biome-ignore format: a table
const ZONES: Readonly<Record<string, number>> = {
  z: 0, utc: 0, gmt: 0, wet: 0, bst: 60, west: 60, cet: 60, mez: 60, cest: 120, mesz: 120, eet: 120, sast: 120, eest: 180,
  msk: 180, trt: 180, gst: 240, ist: 330, wib: 420, ict: 420, hkt: 480, sgt: 480, awst: 480, jst: 540, kst: 540,
  aest: 600, aedt: 660, nzst: 720, nzdt: 780, brt: -180, art: -180, ast: -240, adt: -180, est: -300, edt: -240,
  cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420, akst: -540, akdt: -480, hst: -600,
}

const MORNING =
  /(?:^|[^\p{L}])(?:a\.?\s?m\.?|am|vorm\.?|fm|f\.m\.|dop\.?|de\.|öö|πμ|π\.μ\.|ص|sa|ap\.?|i formiddags)(?:$|[^\p{L}])|午前|上午|오전|凌晨|早上/u
const AFTERNOON =
  /(?:^|[^\p{L}])(?:p\.?\s?m\.?|pm|nachm\.?|em|e\.m\.|odp\.?|du\.?|ös|μμ|μ\.μ\.|م|ch|ip\.?)(?:$|[^\p{L}])|午後|下午|오후|晚上|中午/u

interface Day {
  year: number
  month: number
  day: number
}

/**
 * The time that a header block names, in whatever language and order the client wrote it, as ISO 8601 UTC; null where it
 * cannot be read. Where no zone stands there `offset` (minutes east of UTC, the forwarder's own) is taken. Where
 * day and month can be confused (4/5/2026), AM or PM says that the month is first, else the day is.
 */
export function readWrittenDate(text: string, offset = 0): string | null {
  const value = toAsciiDigits(text.slice(0, 200)).normalize('NFKC').toLowerCase()
  const clock = readClock(value)
  const rest = clock === null ? value : `${value.slice(0, clock.start)} ${value.slice(clock.end)}`
  const day = readDay(rest, clock?.half !== undefined && clock.half !== null)
  if (day === null) return null
  const zone = readZone(clock === null ? '' : value.slice(clock.end)) ?? offset
  const at = Date.UTC(day.year, day.month - 1, day.day, clock?.hour ?? 0, clock?.minute ?? 0, clock?.second ?? 0)
  return Number.isNaN(at) ? null : new Date(at - zone * 60_000).toISOString()
}

interface Clock {
  hour: number
  minute: number
  second: number
  half: 'am' | 'pm' | null
  start: number
  end: number
}

function readClock(value: string): Clock | null {
  const match =
    /(?<![\d.])(\d{1,2})(?::|時|时|點|시|h| h )\s?(\d{2})(?:\s?(?:[:分분]|m| m )\s?(\d{2})?)?/u.exec(value) ??
    /(?<![\d.])(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])/u.exec(value)
  if (match === null) return null
  const end = match.index + match[0].length
  const around = `${value.slice(Math.max(0, match.index - 12), match.index)} ${value.slice(end, end + 8)}`
  const half = MORNING.test(around) ? 'am' : AFTERNOON.test(around) ? 'pm' : null
  const hour = Number(match[1])
  if (hour > 23 || Number(match[2]) > 59) return null
  return {
    hour: half === 'pm' && hour < 12 ? hour + 12 : half === 'am' && hour === 12 ? 0 : hour,
    minute: Number(match[2]),
    second: Number(match[3] ?? 0),
    half,
    start: match.index,
    end,
  }
}

function readDay(text: string, american: boolean): Day | null {
  const iso = /(?<!\d)((?:19|20)\d{2})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)/u.exec(text)
  if (iso !== null) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const numeric = /(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)/u.exec(text)
  if (numeric !== null)
    return fromNumbers(Number(numeric[1]), Number(numeric[3]), Number(numeric[4]), american && numeric[2] === '/')
  const vietnamese = /(?<!\d)(\d{1,2}) (?:tháng|thg) (\d{1,2}),? (?:năm )?(\d{4})/u.exec(text)
  if (vietnamese !== null) return valid(Number(vietnamese[3]), Number(vietnamese[2]), Number(vietnamese[1]))
  return fromWords(text)
}

function fromNumbers(first: number, second: number, year: number, monthFirst: boolean): Day | null {
  const full = year < 100 ? 2000 + year : year
  const swap = second > 12 || (monthFirst && first <= 12)
  return swap ? valid(full, first, second) : valid(full, second, first)
}

/** A month's name, a four-digit year and a day, in any order. */
function fromWords(text: string): Day | null {
  let day: number | null = null
  let year: number | null = null
  let month: number | null = null
  for (const token of text.match(/\p{L}[\p{L}\p{M}]*|\d+/gu) ?? []) {
    if (/^\d/u.test(token)) {
      const number = Number(token)
      if (token.length === 4 && year === null) year = number
      else if (token.length <= 2 && day === null && number >= 1 && number <= 31) day = number
      else if (token.length === 2 && year === null) year = 2000 + number
    } else month ??= monthOfWord(token)
  }
  return day === null || year === null || month === null ? null : valid(year, month, day)
}

function valid(year: number, month: number, day: number): Day | null {
  // Thai calendars count from the Buddha's death.
  const common = year > 2500 && year < 2700 ? year - 543 : year
  return common < 1970 || common > 2200 || month < 1 || month > 12 || day < 1 || day > 31
    ? null
    : { year: common, month, day }
}

function readZone(after: string): number | null {
  const numeric = /(?:gmt|utc|^|[\s(])\s?([+\-−])(\d{1,2}):?(\d{2})?(?!\d)/u.exec(after)
  if (numeric !== null) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0)
    return numeric[1] === '+' ? minutes : -minutes
  }
  for (const word of after.match(/[a-z]{1,5}/gu) ?? []) {
    const zone = ZONES[word]
    if (zone !== undefined) return zone
  }
  return null
}

/** Arabic-Indic and Persian digits. */
function toAsciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/gu, (digit) => String(digit.charCodeAt(0) & 0xf))
}
