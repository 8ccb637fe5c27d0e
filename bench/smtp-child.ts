import { startSmtpServer } from '../src/sandbox/smtp-server.ts'

/** An SMTP server in a process of its own, so that what it costs is not counted: tells its port, and ends with its parent. */
const server = await startSmtpServer({
  // Nobody reads them: what came before makes room.
  onMail: () => {
    server.mails.length = 0
  },
})
process.send?.(server.port)
process.once('disconnect', () => process.exit())
