import { Buffer } from 'node:buffer'
import { Readable, type Transform } from 'node:stream'
import { createTransport } from 'nodemailer'
import SMTPPool from 'nodemailer/lib/smtp-pool'
import type { SmtpConfig } from '../config/config.ts'
import type { DeliveryResult, OutgoingMail } from '../outbox/outgoing-mail.ts'
import { classify, failureOf } from './classify.ts'
import { type DkimSigner, openSigner, UNSIGNED } from './dkim.ts'
import { type LoadContent, mimeChunks, mimeStart } from './mime.ts'
import { envelopeAddress, refusalByUtf8 } from './utf8.ts'

/** Mails go in, results come out; nothing is thrown for what a server says or does. */
export interface Transport {
  send(mail: OutgoingMail, load: LoadContent): Promise<DeliveryResult>
  /** Connects and logs in; throws what nodemailer throws when that fails. For `posthorn check`. */
  verify(): Promise<void>
  /** Ends idle connections, and busy ones when they are done; `force` ends these too. */
  close(options?: { force?: boolean }): void
}

/** Milliseconds of silence after which a server counts as gone. */
export interface Timeouts {
  connect: number
  greeting: number
  /** After the final dot a server may take ten minutes (RFC 5321, 4.5.3.2.6); giving up sooner sends mails twice. */
  silence: number
}

const TIMEOUTS: Timeouts = { connect: 30_000, greeting: 30_000, silence: 600_000 }

/** A pool of `smtp.connections` connections, opened when there is something to send. */
export function openTransport(smtp: SmtpConfig, timeouts: Timeouts = TIMEOUTS): Transport {
  const options = poolOptions(smtp, timeouts)
  const pool = new SMTPPool(options)
  const signer = smtp.dkim ? openSigner(smtp.dkim) : UNSIGNED
  const mailer = createTransport(pool)
  return {
    send: async (mail, load) => (await refusalByUtf8(mail, options)) ?? (await sendOne(pool, signer, mail, load)),
    verify: async () => {
      await mailer.verify()
    },
    close: (options = {}) => pool.close(options),
  }
}

function poolOptions(smtp: SmtpConfig, timeouts: Timeouts) {
  return {
    host: smtp.host,
    port: smtp.port,
    secure: smtp.tls === 'implicit',
    requireTLS: smtp.tls === 'starttls',
    ignoreTLS: smtp.tls === 'none',
    tls: { rejectUnauthorized: !smtp.allowSelfSigned },
    ...authOptions(smtp),
    maxConnections: smtp.connections,
    maxMessages: 1_000,
    // Only for a connection that was closed while it was idle; the schedule of retries is ours.
    maxRequeues: 1,
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    dnsTimeout: timeouts.connect,
    socketTimeout: timeouts.silence,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function authOptions({ user, auth }: SmtpConfig) {
  if (!auth) return {}
  if (auth.kind === 'password') return { auth: { user: user ?? '', pass: auth.password } }
  const { clientId, clientSecret, refreshToken, tokenUrl } = auth
  return {
    auth: {
      type: 'OAuth2' as const,
      user: user ?? '',
      clientId,
      ...(clientSecret === null ? {} : { clientSecret }),
      refreshToken,
      accessUrl: tokenUrl,
    },
  }
}

/** Hands one mail to the pool as a nodemailer transport gets it, below nodemailer's own composing: the bytes are ours. */
async function sendOne(
  pool: SMTPPool,
  signer: DkimSigner,
  mail: OutgoingMail,
  load: LoadContent,
): Promise<DeliveryResult> {
  const progress: Progress = { handedOver: false }
  let source: () => MailSource
  try {
    source =
      mail.attachments.length > 0
        ? streamed(() => signer.streamed(() => mimeChunks(mail, load)), progress)
        : whole(signer.whole(mimeStart(mail)), progress)
  } catch (error) {
    return classify(failureOf(error, false))
  }
  const message = {
    getEnvelope: () => ({ from: envelopeAddress(mail.envelope.from), to: [envelopeAddress(mail.envelope.to)] }),
    messageId: () => `<${mail.messageId}>`,
    getHeader: () => `<${mail.messageId}>`,
    createReadStream: source,
  }
  return await new Promise((resolve) => {
    pool.send({ data: {}, message } as unknown as Parameters<SMTPPool['send']>[0], (error, info) => {
      if (error) resolve(classify(failureOf(error, progress.handedOver)))
      else resolve({ kind: 'sent', response: info?.response ?? '' })
    })
  })
}

/** How far a mail has come: once the server may have all of it, nobody knows whether it was accepted. */
interface Progress {
  handedOver: boolean
}

/** What the pool asks of a stream. */
type MailSource = Pick<Readable, 'readableDidRead'> & { pipe(connection: Transform): void }

/** Piece by piece. The stream is read only when the server has asked for the data; at its end, the server may have it all. */
function streamed(pieces: () => AsyncIterable<Buffer>, progress: Progress): () => MailSource {
  return () => {
    const stream = Readable.from(pieces(), { objectMode: false })
    stream.once('end', () => {
      progress.handedOver = true
    })
    return stream
  }
}

/**
 * All at once, for a mail without attachments: `pipe` is called when the server has asked for the data, and
 * `readableDidRead` says that it was not, so that a connection which had died meanwhile is replaced. A real stream would
 * cost more than all the rest of a sending.
 */
function whole(bytes: Buffer, progress: Progress): () => MailSource {
  return () => ({
    get readableDidRead() {
      return progress.handedOver
    },
    pipe: (connection: Transform) => {
      progress.handedOver = true
      if (isReady(bytes)) connection.push(bytes.subarray(0, -LINE.length))
      else connection.write(bytes)
      connection.end()
    },
  })
}

const LINE = Buffer.from('\r\n')
const LINE_WITH_DOT = Buffer.from('\r\n.')

/**
 * Whether a mail's bytes may go out as they are, as those of mime.ts may: no line begins with a dot, and the last one ends.
 * nodemailer would look at each byte for that, which costs as much as making them. What it puts at the end stays its own:
 * a line break, a dot, and another line break; so the mail's last line break is left to it.
 */
function isReady(bytes: Buffer): boolean {
  return bytes.subarray(-LINE.length).equals(LINE) && !bytes.includes(LINE_WITH_DOT)
}
