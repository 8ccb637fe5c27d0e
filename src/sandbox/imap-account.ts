import hoodiecrow, { type Connection, type FetchItem, type ImapServer, type Message } from 'hoodiecrow-imap'
import standardFetch from 'hoodiecrow-imap/lib/commands/handlers/fetch.js'

/** Extensions that a test may take away, to meet a server without them. */
export type Extension = 'MOVE' | 'UIDPLUS' | 'IDLE'

/**
 * The folders of one user: a hoodiecrow server that nobody connects to. Hoodiecrow knows one tree of folders for all,
 * so each user has a server, and a connection changes over to it when it has logged in (imap-server.ts).
 */
export function makeAccount(uidValidity: number, without: Extension[]): ImapServer {
  const plugins = ['UIDPLUS', 'MOVE'].filter((name) => !without.some((one) => one === name))
  const account = hoodiecrow({
    credentials: {},
    plugins: [...plugins, 'UNSELECT', ...(without.includes('IDLE') ? [] : [idle])],
    storage: { INBOX: { uidvalidity: uidValidity }, '': { separator: '/', folders: {} } },
  })
  account.setMaxListeners(0)
  account.fetchHandlers.BODY = body
  account.fetchHandlers['BODY.PEEK'] = body
  for (const command of ['SELECT', 'EXAMINE']) refuseMissing(account, command)
  return account
}

/** A folder that does not exist is answered with NO (RFC 3501 section 6.3.1), where hoodiecrow says BAD. */
function refuseMissing(account: ImapServer, command: string): void {
  const handler = account.getCommandHandler(command)
  account.setCommandHandler(command, (connection, parsed, data, done) => {
    if (account.getMailbox(parsed.attributes?.[0]?.value ?? '')) {
      handler(connection, parsed, data, done)
      return
    }
    connection.state = 'Authenticated'
    connection.send({ tag: parsed.tag, command: 'NO', attributes: [{ type: 'TEXT', value: 'No such mailbox' }] })
    done()
  })
}

/** RFC 2177. Hoodiecrow's own IDLE leaves a timer of half an hour behind, and goes on announcing after DONE. */
function idle(server: ImapServer): void {
  server.registerCapability('IDLE')
  server.setCommandHandler('IDLE', (connection, parsed, _data, done) => {
    connection.directNotifications = true
    connection.inputHandler = () => {
      connection.inputHandler = false
      connection.directNotifications = false
      connection.send({ tag: parsed.tag, command: 'OK', attributes: [{ type: 'TEXT', value: 'IDLE terminated' }] })
    }
    connection.socket?.write('+ idling\r\n')
    connection.processNotifications()
    done()
  })
}

/** BODY[] and BODY[HEADER] by bytes: hoodiecrow parses the mail first, and spoils a partial range for all but one mail. */
function body(connection: Connection, message: Message, item: FetchItem): unknown {
  const whole = sectionOf(message.raw, item)
  if (whole === undefined) return standardFetch.BODY?.(connection, message, item)
  const [start, length] = item.partial ?? []
  const value = start === undefined ? whole : whole.slice(start, length === undefined ? undefined : start + length)
  return { type: 'LITERAL', value }
}

function sectionOf(raw: string, item: FetchItem): string | undefined {
  if (item.section?.length === 0) return raw
  if (item.section?.length !== 1 || item.section[0]?.value.toUpperCase() !== 'HEADER') return undefined
  const end = /\r?\n\r?\n/.exec(raw)
  return end ? raw.slice(0, end.index + end[0].length) : raw
}
