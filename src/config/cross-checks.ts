import { normaliseAddress } from '../model/address.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import type { Path, Problem } from './problems.ts'

/**
 * What one setting cannot tell alone: duplicates, references, choices between two. Works on the file as it was written,
 * so that these problems are told together with those of the shape; what has the wrong shape is passed over.
 */
export function crossCheck(file: unknown): Problem[] {
  const mailboxes = items(file, 'mailboxes')
  const agents = items(file, 'agents')
  return [
    ...duplicates(mailboxes, ['name'], 'a name that no other mailbox has'),
    ...duplicates(mailboxes, ['address'], 'an address that no other mailbox has'),
    ...duplicates(items(file, 'brands'), ['name'], 'a name that no other brand has'),
    ...duplicates(agents, ['email'], 'an address that no other agent has'),
    ...duplicates(items(file, 'identityProviders'), ['name'], 'a name that no other provider has'),
    ...agentsThatAreMailboxes(agents, mailboxes),
    ...duplicates(items(file, 'rules'), ['name'], 'a name that no other rule has'),
    ...items(file, 'rules').flatMap(({ path, value }) => unknownAssignee(path, value, agents)),
    ...items(file, 'rules').flatMap(({ path, value }) => unknownMailbox(path, value, mailboxes)),
    ...sameFolderTwice(mailboxes),
    ...mailboxes.flatMap(({ path, value }) => movesToItself(path, value)),
    ...mailboxes.flatMap(({ path, value }) => unknownBrand(path, value, items(file, 'brands'))),
    ...mailboxes.flatMap(({ path, value }) => login([...path, 'imap'], get(value, ['imap']), true)),
    ...smsHoles(get(file, ['sms'])),
    ...login(['smtp'], get(file, ['smtp']), false),
    ...mailboxes.flatMap(({ path, value }) => tlsOf([...path, 'imap'], get(value, ['imap']), [993, 143])),
    ...tlsOf(['smtp'], get(file, ['smtp']), [465, 587, 25]),
  ]
}

interface Item {
  path: Path
  value: unknown
}

function items(file: unknown, key: string): Item[] {
  const list = get(file, [key])
  return Array.isArray(list) ? list.map((value, index) => ({ path: [key, index], value })) : []
}

function get(value: unknown, path: readonly string[]): unknown {
  let at = value
  for (const key of path) at = at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[key] : undefined
  return at
}

/** A text in the form in which it is compared, or null where there is none. */
function textAt(value: unknown, path: readonly string[]): string | null {
  const found = get(value, path)
  return typeof found === 'string' && found.trim() ? normaliseAddress(found) : null
}

function duplicates(list: readonly Item[], key: string[], allowed: string): Problem[] {
  const seen = new Map<string, string>()
  return list.flatMap(({ path, value }) => {
    const text = textAt(value, key)
    if (text === null) return []
    const first = seen.get(text)
    if (first === undefined) {
      seen.set(text, `${path[0]}[${path[1]}]`)
      return []
    }
    return [{ path: [...path, ...key], found: `'${text}', which ${first} has too`, allowed }]
  })
}

function agentsThatAreMailboxes(agents: readonly Item[], mailboxes: readonly Item[]): Problem[] {
  const taken = new Set(mailboxes.map(({ value }) => textAt(value, ['address'])))
  return agents.flatMap(({ path, value }) => {
    const email = textAt(value, ['email'])
    if (email === null || !taken.has(email)) return []
    return [{ path: [...path, 'email'], found: `'${email}', which is a mailbox`, allowed: "the agent's own address" }]
  })
}

function unknownAssignee(path: Path, rule: unknown, agents: readonly Item[]): Problem[] {
  const assignee = textAt(rule, ['then', 'assign'])
  const known = agents.map(({ value }) => textAt(value, ['email'])).filter((email) => email !== null)
  if (assignee === null || known.includes(assignee)) return []
  const meant = didYouMean(assignee, known)
  const allowed = `the address of an agent: ${known.join(', ') || 'there is none'}${meant ? ` (did you mean '${meant}'?)` : ''}`
  return [{ path: [...path, 'then', 'assign'], found: `'${assignee}'`, allowed }]
}

/** A mailbox by its plain name must exist, or the rule would never fit. */
function unknownMailbox(path: Path, rule: unknown, mailboxes: readonly Item[]): Problem[] {
  const wanted = [get(rule, ['when', 'mailbox'])].flat().filter((it) => typeof it === 'string')
  const names = mailboxes.map(({ value }) => textAt(value, ['name'])).filter((name) => name !== null)
  return wanted
    .filter((it) => !it.includes('*') && !names.some((name) => name.includes(normaliseAddress(it))))
    .map((it) => ({
      path: [...path, 'when', 'mailbox'],
      found: `'${it}', which is in no mailbox's name`,
      allowed: `one of ${names.join(', ')}`,
    }))
}

function sameFolderTwice(mailboxes: readonly Item[]): Problem[] {
  const keys = mailboxes.map(({ value }) => {
    const parts = [['imap', 'host'], ['imap', 'user'], ['folder']].map((key) => textAt(value, key))
    return parts[0] && parts[1] ? JSON.stringify([...parts.slice(0, 2), parts[2] ?? 'inbox']) : null
  })
  return mailboxes.flatMap(({ path }, index) => {
    const first = keys.indexOf(keys[index] ?? null)
    if (keys[index] === null || first === index) return []
    const allowed = 'a folder that no other mailbox watches'
    return [{ path: [...path, 'folder'], found: `the folder of mailboxes[${first}]`, allowed }]
  })
}

function movesToItself(path: Path, mailbox: unknown): Problem[] {
  const target = textAt(mailbox, ['after', 'move'])
  if (target === null || target !== (textAt(mailbox, ['folder']) ?? 'inbox')) return []
  return [{ path: [...path, 'after', 'move'], found: 'the folder that is watched', allowed: 'another folder' }]
}

function unknownBrand(path: Path, mailbox: unknown, brands: readonly Item[]): Problem[] {
  const brand = get(mailbox, ['brand'])
  const names = brands.map(({ value }) => get(value, ['name'])).filter((name) => typeof name === 'string')
  if (typeof brand !== 'string' || names.length === 0 || names.includes(brand)) return []
  const meant = didYouMean(brand, names)
  const allowed = `one of the brands: ${names.join(', ')}${meant ? ` (did you mean '${meant}'?)` : ''}`
  return [{ path: [...path, 'brand'], found: `'${brand}'`, allowed }]
}

/** Exactly one way in; a server that relays without a login has none. */
function login(path: Path, server: unknown, required: boolean): Problem[] {
  if (server === null || typeof server !== 'object') return []
  const has = (key: string) => get(server, [key]) !== undefined
  const ways = ['password', 'oauth2'].filter(has)
  if (ways.length === 2) return [{ path: [...path, 'oauth2'], found: 'password and oauth2', allowed: 'one of the two' }]
  if (ways.length === 0 && (required || has('user')))
    return [{ path: [...path, 'password'], found: 'nothing', allowed: 'password or oauth2' }]
  if (ways.length === 1 && !has('user'))
    return [{ path: [...path, 'user'], found: 'nothing', allowed: 'the user name' }]
  return []
}

/** A port that says nothing about TLS needs it in words: a guess would hang, or send a password in the clear. */
function tlsOf(path: Path, server: unknown, known: readonly number[]): Problem[] {
  const port = Number(get(server, ['port']) ?? known[0])
  const isPort = Number.isInteger(port) && port > 0 && port <= 65_535
  if (get(server, ['tls']) !== undefined || !isPort || known.includes(port)) return []
  const allowed = `implicit, starttls or none: the port ${port} does not tell`
  return [{ path: [...path, 'tls'], found: 'nothing', allowed }]
}

/** What is sent must say to whom and what; a GET has no body, and JSON must be JSON once it is filled in. */
function smsHoles(sms: unknown): Problem[] {
  const [url, body] = [get(sms, ['url']), get(sms, ['body'])]
  if (typeof url !== 'string' || (body !== undefined && typeof body !== 'string')) return []
  const path = ['sms', body === undefined ? 'url' : 'body']
  const missing = ['{to}', '{text}'].filter((hole) => !url.includes(hole) && !body?.includes(hole))
  if (missing.length > 0)
    return [{ path, found: `nothing with ${missing.join(' and ')}`, allowed: '{to} and {text} in url or body' }]
  if (body === undefined) return []
  if (get(sms, ['method']) === 'GET') return [{ path, found: 'a body for GET', allowed: 'POST, or no body' }]
  const isJson = (get(sms, ['contentType']) ?? 'application/json') === 'application/json'
  return isJson && !parsesAsJson(body)
    ? [{ path, found: 'text that is no JSON', allowed: 'JSON with {to} and {text}' }]
    : []
}

function parsesAsJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
