/** One mail text as its file holds it: front lines, then the body in Markdown with holes. */
export interface MailSource {
  subject: string
  /** What the list of mails shows beside the subject. */
  preheader: string
  /** 'You get this because …', at the foot. */
  reason: string
  body: string
}

const FIELDS = ['subject', 'preheader', 'reason'] as const

/**
 * Reads `name: value` lines up to the first empty line, then the body. Throws an Error that names `file` when a
 * field is missing, unknown or empty, or when there is no body.
 */
export function readMailSource(file: string, content: string): MailSource {
  const lines = content.replaceAll('\r\n', '\n').trimStart()
  const end = lines.indexOf('\n\n')
  const head = lines.slice(0, end)
  const body = lines.slice(end).trim()
  if (end < 0 || body === '') throw new Error(`${file}: there is no text below the front lines`)
  const found = new Map(head.split('\n').map((line) => readField(file, line)))
  const [subject, preheader, reason] = FIELDS.map((name) => {
    const value = found.get(name)
    if (!value) throw new Error(`${file}: the line '${name}: …' is missing at the top`)
    return value
  })
  return { subject: subject ?? '', preheader: preheader ?? '', reason: reason ?? '', body }
}

function readField(file: string, line: string): [string, string] {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon).trim()
  if (colon < 0 || !FIELDS.some((field) => field === name))
    throw new Error(`${file}: '${line}' is none of the front lines ${FIELDS.join(', ')}`)
  return [name, line.slice(colon + 1).trim()]
}
