import type { Address } from '../model/address.ts'
import type { InspectLine } from './inspect-line.ts'

/** What `inspect` shows a person: the mail's head, its text with a mark on every line that was cut, and what was guessed. */
export function reportOf(line: InspectLine): string {
  const head = [
    `== ${line.file}`,
    field('From', line.from ? addressText(line.from) : '(none)'),
    field('To', line.to.map(addressText).join(', ')),
    field('Cc', line.cc.map(addressText).join(', ')),
    field('Subject', line.subject),
    field('Date', line.date ?? '(none)'),
    field('Message-ID', line.messageId ?? '(none)'),
    field('Answers', [...new Set([...line.references, ...line.inReplyTo])].join(' ')),
    field('Language', line.language ?? ''),
    field('Kind', kindOf(line)),
  ]
  const sections = [
    section('Reply', line.reply, '  '),
    section(`Cut as quoted mail (confidence ${line.confidence.toFixed(2)})`, line.quoted, '- '),
    section('Cut as signature', line.signature, '- '),
    section('Attachments', line.attachments.map(attachmentText).join('\n'), '  '),
    section('Guesses and limits', line.problems.join('\n'), '! '),
  ]
  return `${[...head, ...sections].filter((part) => part !== '').join('\n')}\n\n`
}

function field(name: string, value: string): string {
  return value === '' ? '' : `${`${name}:`.padEnd(12)}${printable(value)}`
}

function section(title: string, text: string, mark: string): string {
  if (text.trim() === '') return ''
  return [
    `-- ${title}`,
    ...text
      .trim()
      .split('\n')
      .map((line) => mark + printable(line)),
  ].join('\n')
}

/** Control characters of a mail must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '')
}

function addressText(who: Address): string {
  return who.name ? `${who.name} <${who.address}>` : who.address
}

function attachmentText(attachment: InspectLine['attachments'][number]): string {
  const place = attachment.inline ? ', shown in the text' : ''
  return `${attachment.filename ?? '(no name)'}, ${attachment.contentType}, ${attachment.size} bytes${place}`
}

function kindOf(line: InspectLine): string {
  const kinds = [
    line.automatic ? `${line.automatic.kind} (${line.automatic.evidence})` : '',
    line.bounce ? `bounce of ${line.bounce.recipients.map((it) => `${it.address} ${it.action}`).join(', ')}` : '',
    line.complaint ? `complaint: ${line.complaint.feedbackType}` : '',
    line.forwarded ? `forwards a mail of ${line.forwarded.from ? addressText(line.forwarded.from) : 'unknown'}` : '',
  ]
  return kinds.filter((kind) => kind !== '').join('; ')
}
