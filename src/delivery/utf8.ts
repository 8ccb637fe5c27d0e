import { domainToASCII } from 'node:url'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { domainOf, localPartOf } from '../model/address.ts'
import type { DeliveryResult, OutgoingMail } from '../outbox/outgoing-mail.ts'
import { classify, failureOf } from './classify.ts'

/** An address as it stands in the envelope: its domain in ASCII (RFC 5890), its local part as it is. */
export function envelopeAddress(address: string): string {
  const domain = domainOf(address)
  return isAscii(domain) || domain === '' ? address : `${localPartOf(address)}@${domainToASCII(domain) || domain}`
}

/**
 * What becomes of a mail to an address that the server cannot take, or null where it may be sent. It would be the same for
 * days, so it is not tried again.
 */
export async function refusalByUtf8(
  { envelope }: OutgoingMail,
  options: SMTPConnection.Options,
): Promise<DeliveryResult | null> {
  const address = [envelope.to, envelope.from].find(needsUtf8)
  if (address === undefined) return null
  try {
    if (await offersUtf8(options)) return null
  } catch (error) {
    return classify(failureOf(error, false))
  }
  // 5.6.7: a non-ASCII address not permitted (RFC 6531, 3.5).
  const response = `5.6.7 the address ${address} needs SMTPUTF8 (RFC 6531), which ${options.host} does not offer`
  return { kind: 'failed', code: '550', response, addressGone: false }
}

/** Whether an address can be written to only by way of SMTPUTF8 (RFC 6531). */
function needsUtf8(address: string): boolean {
  return !isAscii(localPartOf(address))
}

/**
 * Whether the server offers SMTPUTF8, asked over a connection of its own: nodemailer's pool does not tell, and without it the
 * address would leave as bytes that the server may read as anything. Rejects where the server cannot be reached.
 */
async function offersUtf8(options: SMTPConnection.Options): Promise<boolean> {
  const connection = new SMTPConnection(options)
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject)
      connection.once('end', () => reject(new Error('the connection was closed before the greeting')))
      connection.connect((error) => (error ? reject(error) : resolve()))
    })
    const offered: unknown = Reflect.get(connection, '_supportedExtensions')
    if (!Array.isArray(offered)) throw new Error('nodemailer does not tell what the server offers')
    return offered.includes('SMTPUTF8')
  } finally {
    connection.close()
  }
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
