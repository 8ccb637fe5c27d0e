import type { MailKind, MailView } from './view.ts'

const brand = {
  name: 'Acme Support',
  signature: 'Venlig hilsen\nAcme Support',
  supportContact: '+45 70 12 34 56',
}
const theCase = {
  number: 1042,
  title: 'Printeren på 2. sal er gået i stå',
  subject: 'Printeren på 2. sal er gået i stå',
  status: 'open',
  url: 'https://support.acme.example/cases/1042',
}
const { title: _, ...receivedCase } = theCase
const comment = {
  author: 'Anna',
  text: 'Hej Kim\n\nPrøv at slukke printeren og tænde den igen.\n\nAnna',
  start: 'Hej Kim Prøv at slukke printeren og tænde den igen.',
  cut: true,
  missing: [{ filename: 'vejledning.pdf', size: 31_457_280 }],
  withheld: [{ filename: 'faktura.pdf.exe', size: 48_128 }],
}
const actions = [{ name: 'assign', line: '#assign me', url: 'mailto:support%2Bc1042@acme.example?body=%23assign%20me' }]
const leave = 'mailto:support+l1042.abcdefghijklmnop@acme.example?subject=leave'
const agentCase = { ...theCase, contact: 'Kim Larsen', actions }
const agentComment = {
  ...comment,
  author: 'Kim Larsen',
  address: 'kim@kunde.example',
  internal: true,
  held: 'its sender is unknown',
}

/**
 * One made-up view of each kind, with nothing left out: the list of holes that its templates may have.
 * An optional part stands here with a value, so that what is below it can be checked too.
 */
export const EXAMPLES: { [K in MailKind]: Extract<MailView, { kind: K }> } = {
  'case-received': { kind: 'case-received', answerable: true, brand, case: receivedCase },
  'case-opened': { kind: 'case-opened', answerable: true, brand, case: agentCase, comment: agentComment },
  'comment-added': { kind: 'comment-added', answerable: true, brand, case: theCase, comment, leave },
  'comment-added-agent': {
    kind: 'comment-added-agent',
    answerable: true,
    brand,
    case: agentCase,
    comment: agentComment,
  },
  'solution-proposed': { kind: 'solution-proposed', answerable: true, brand, case: theCase, comment, leave },
  'command-receipt': {
    kind: 'command-receipt',
    answerable: true,
    brand,
    case: agentCase,
    done: [{ key: 'assigned', value: 'Anna Holm' }],
    refused: [{ line: '#assign Bob', why: 'no-agent' }],
    keptWords: true,
    help: [{ name: 'assign', usage: '#assign me' }],
  },
  'mail-too-large': {
    kind: 'mail-too-large',
    answerable: false,
    brand,
    mail: { subject: 'Billeder', size: 62_914_560, limit: 52_428_800 },
  },
}
