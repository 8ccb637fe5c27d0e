import type { Config, MailboxConfig } from '../config/config.ts'
import { PosthornError } from '../core/errors.ts'
import { isoTime, realWorld } from '../core/world.ts'
import { openTransport, type Transport } from '../delivery/transport.ts'
import { domainOf, localPartOf } from '../model/address.ts'
import { ownMessageId } from '../model/thread-key.ts'
import type { DeliveryResult, OutgoingMail } from '../outbox/outgoing-mail.ts'

/** A mail to ourselves. Its signed Message-ID tells intake that it is one of ours, so it becomes no case. */
export interface Probe {
  messageId: string
  sent: boolean
}

/**
 * Sends a probe to the mailbox's own address and one to a plus address of it. Throws where the server does not take the first;
 * that it refuses the second is an answer.
 */
export async function sendProbes(config: Config, mailbox: MailboxConfig): Promise<{ plain: Probe; tagged: Probe }> {
  const { address } = mailbox
  const transport = openTransport(config.smtp)
  try {
    const plain = await send(transport, probeTo(config, mailbox, address))
    if (plain.result.kind !== 'sent') throw refused(mailbox, plain.result)
    const tagged = await send(
      transport,
      probeTo(config, mailbox, `${localPartOf(address)}+posthorn-probe@${domainOf(address)}`),
    )
    return { plain: { ...plain, sent: true }, tagged: { ...tagged, sent: tagged.result.kind === 'sent' } }
  } finally {
    transport.close({ force: true })
  }
}

async function send(transport: Transport, mail: OutgoingMail): Promise<{ messageId: string; result: DeliveryResult }> {
  const result = await transport.send(mail, () => {
    throw new Error('a probe has no attachments')
  })
  return { messageId: mail.messageId, result }
}

/** 'probe' and an id in the place of an outbox row; there is no such row, so nothing is ever noted on one. */
function probeTo({ secrets }: Config, { address }: MailboxConfig, to: string): OutgoingMail {
  const text = 'This mail shows Posthorn what the mail server writes on top of it. Nothing needs to be done with it.\n'
  return {
    messageId: ownMessageId(secrets, domainOf(address), 0, `probe${realWorld.id()}`),
    envelope: { from: address, to },
    from: { name: 'Posthorn', address },
    to: { name: null, address: to },
    replyTo: null,
    subject: 'Posthorn: probe of this mailbox',
    date: isoTime(realWorld.now()),
    inReplyTo: null,
    references: [],
    headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
    text,
    html: `<p>${text.trim()}</p>`,
    attachments: [],
  }
}

function refused(mailbox: MailboxConfig, result: Exclude<DeliveryResult, { kind: 'sent' }>): PosthornError {
  return new PosthornError(
    'probe-refused',
    `mailbox ${mailbox.name}: the SMTP server did not take a mail to ${mailbox.address}: ${result.response}`,
    { hint: "'posthorn check' shows whether the SMTP server can be reached." },
  )
}
