import { createTransport } from 'nodemailer'
import type { Message } from '../message/message.ts'
import { readMail } from '../message/read-mail.ts'
import type { Address } from '../model/address.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** Somebody with a mail client: writes over SMTP and reads the own inbox, as a person would. */
export interface Person {
  who: Address
  /** Sends a mail; its Message-ID comes back. */
  send(mail: Letter): Promise<string>
  /** Answers a mail as mail clients do: to its Reply-To, with the subject, the references and the quoted text. */
  answer(mail: Message, words: string): Promise<string>
  /** The first mail in the inbox that `wanted` says yes to, there already or still to come. */
  receive(wanted: (mail: Message) => boolean): Promise<Message>
}

export interface Letter {
  to: string
  subject: string
  text: string
  html?: string
  inReplyTo?: string
  references?: string[]
  attachments?: { filename: string; content: Buffer; contentType: string }[]
}

export function makePerson(sandbox: Sandbox, who: Required<Address> & { name: string }): Person {
  const { host, port } = sandbox.smtp
  const transport = createTransport({ host, port, secure: false, ignoreTLS: true })
  const person: Person = {
    who,
    async send(letter) {
      const info = await transport.sendMail({ from: { name: who.name, address: who.address }, ...letter })
      return info.messageId
    },
    async answer(mail, words) {
      const to = mail.replyTo[0] ?? mail.from
      if (!to) throw new Error('a mail without From cannot be answered')
      const subject = /^(re|sv):/i.test(mail.subject) ? mail.subject : `SV: ${mail.subject}`
      const id = mail.messageId ? `<${mail.messageId}>` : null
      return await person.send({
        to: to.address,
        subject,
        text: `${words}\n\n${quote(mail)}`,
        ...(id ? { inReplyTo: id, references: [...mail.references.map((it) => `<${it}>`), id] } : {}),
      })
    },
    async receive(wanted) {
      const seen = new Map<number, Message>()
      for (;;) {
        for (const { uid, raw } of sandbox.inbox(who.address))
          if (!seen.has(uid)) seen.set(uid, (await readMail(raw)).message)
        const found = [...seen.values()].find(wanted)
        if (found) return found
        await sandbox.waitForMail(who.address, ({ uid }) => !seen.has(uid), 15_000)
      }
    },
  }
  return person
}

/** The mail below the answer, as Thunderbird in Danish quotes it. */
function quote(mail: Message): string {
  const at = new Date(mail.date ?? 0)
  const date = at.toLocaleDateString('da', { day: '2-digit', month: '2-digit', year: 'numeric' })
  const time = at.toLocaleTimeString('da', { hour: '2-digit', minute: '2-digit' })
  return `Den ${date} kl. ${time} skrev ${mail.from?.name ?? mail.from?.address}:\n${mail.text.replace(/^/gm, '> ')}`
}
