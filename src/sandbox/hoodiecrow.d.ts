/** What the sandbox uses of hoodiecrow-imap, which brings no types of its own. */
declare module 'hoodiecrow-imap' {
  import type { EventEmitter } from 'node:events'
  import type { Server, Socket } from 'node:net'

  namespace hoodiecrow {
    interface Message {
      uid: number
      flags: string[]
      /** Binary string: one character a byte. */
      raw: string
    }

    interface Mailbox {
      path: string
      uidvalidity: number
      uidnext: number
      messages: Message[]
    }

    interface Command {
      tag: string
      command: string
      attributes?: { type: string; value: string }[]
    }

    interface FetchItem {
      value: string
      section?: { type: string; value: string }[]
      /** First byte and length of a partial fetch. */
      partial?: number[]
    }

    type FetchHandler = (connection: Connection, message: Message, item: FetchItem) => unknown
    type CommandHandler = (connection: Connection, parsed: Command, data: string, done: () => void) => void

    interface Connection {
      server: ImapServer
      socket: Socket | null
      state: 'Not Authenticated' | 'Authenticated' | 'Selected'
      selectedMailbox?: Mailbox
      /** Whether changes are sent as they happen (IDLE) or after the next command. */
      directNotifications: boolean
      inputHandler: ((line: string) => void) | false
      _notificationCallback: (notification: unknown) => void
      processNotifications(): void
      send(response: { tag: string; command: string; attributes: unknown[] }, ...context: unknown[]): void
      expungeSpecificMessages(mailbox: Mailbox, which: (message: Message) => boolean): void
    }

    interface ImapServer extends EventEmitter {
      server: Server
      users: Record<string, { password?: string; xoauth2?: { accessToken: string } }>
      folderCache: Record<string, Mailbox>
      fetchHandlers: Record<string, FetchHandler>
      messageHandlers: ((server: ImapServer, message: Message, mailbox: Mailbox) => void)[]
      listen(port: number, host: string): void
      getMailbox(path: string): Mailbox | undefined
      createMailbox(path: string): void
      appendMessage(mailbox: Mailbox, flags: string[], date: Date, raw: string): { message: Message }
      registerCapability(name: string): void
      setCommandHandler(command: string, handler: CommandHandler): void
      getCommandHandler(command: string): CommandHandler
      notify(response: unknown, mailbox: Mailbox): void
    }

    interface Options {
      plugins?: (string | ((server: ImapServer) => void))[]
      users?: ImapServer['users']
      storage?: Record<string, { uidvalidity?: number; separator?: string; folders?: Record<string, object> }>
      credentials?: object
    }
  }

  function hoodiecrow(options?: hoodiecrow.Options): hoodiecrow.ImapServer
  export = hoodiecrow
}

declare module 'hoodiecrow-imap/lib/commands/handlers/fetch.js' {
  import type { FetchHandler } from 'hoodiecrow-imap'

  const handlers: Record<string, FetchHandler>
  export default handlers
}
