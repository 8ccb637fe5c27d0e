import { unreachable } from '../core/errors.ts'
import type { AcceptSolution, AddComment, HoldComment, OpenCase, RunCommands } from '../decision/decision.ts'
import { isAtLeast } from '../decision/trust.ts'
import { nameOf } from '../model/address.ts'
import type { Case } from '../model/case.ts'
import { writtenLanguage } from '../model/language.ts'
import { stopTopic } from '../notify/preferences.ts'
import { findCase } from '../store/cases.ts'
import { findPeople, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { acceptSolution } from './accept-solution.ts'
import { addComment, type NewComment } from './add-comment.ts'
import { sendReceipt, writeWithOrders } from './agent-words.ts'
import type { CaseContext } from './context.ts'
import { keepHold } from './hold.ts'
import { type JudgedMail, keepTraces } from './keep-traces.ts'
import { noteBounce } from './note-bounce.ts'
import { openCase } from './open-case.ts'
import { openForwarded } from './open-forwarded.ts'
import { addParticipants, leaveCase } from './participants.ts'
import { runCommands } from './run-commands.ts'
import { titleOf } from './title.ts'

/** What became of a mail, for its row and the ledger. */
export interface Applied {
  status: 'done' | 'quarantined'
  decision: string
  reason: string
  caseId: string | null
  commentId: string | null
}

/** Carries a decision out, in the caller's transaction. */
export async function applyDecision(tx: Db, ctx: CaseContext, mail: JudgedMail): Promise<Applied> {
  const { decision, reason } = mail.judgement
  const done = (caseId: string | null, commentId: string | null = null): Applied => ({
    status: 'done',
    decision: decision.kind,
    reason,
    caseId,
    commentId,
  })
  switch (decision.kind) {
    case 'open':
      return done((await open(tx, ctx, mail, decision)).id)
    case 'comment':
      return done(decision.caseId, await comment(tx, ctx, mail, decision))
    case 'hold':
      return done(decision.caseId, await hold(tx, ctx, mail, decision))
    case 'command':
      await command(tx, ctx, decision)
      return done(decision.caseId)
    case 'bounce':
      return done(decision.caseId, await noteBounce(tx, ctx, mail, decision))
    case 'accept':
      return done(decision.caseId, await accept(tx, ctx, mail, decision))
    case 'leave':
      await leaveCase(tx, ctx, decision.caseId, decision.personId)
      return done(decision.caseId)
    case 'stop-topic':
      await stopTopic(tx, ctx, decision.personId, decision.topic)
      return done(null)
    case 'ignore':
      return done(null)
    default:
      return unreachable(decision)
  }
}

async function open(tx: Db, ctx: CaseContext, mail: JudgedMail, decision: OpenCase): Promise<Case> {
  if (decision.forward) return await openForwarded(tx, ctx, mail, decision, decision.forward)
  const { message } = mail
  // A mail that opens a case is kept whole: what it quotes is part of the story.
  const words = message.reply.trim() === '' ? message.text : message.reply
  const it = await openCase(tx, ctx, {
    mailbox: mail.mailbox,
    contact: decision.contact,
    title: titleOf(message.subject, words),
    description: words.trim(),
    descriptionQuoted: words === message.text ? '' : message.quoted,
    language: writtenLanguage(message.language),
    acknowledge: decision.acknowledge,
    proven: isAtLeast(mail.judgement.trust, 'plausible'),
    followUpOf: decision.followUpOf,
    actor: 'contact',
    settings: decision.settings ?? null,
    quiet: decision.held?.tellAgents === false,
    held: decision.held !== undefined,
  })
  await keepTraces(tx, ctx, mail, it.id, null)
  const { reason } = mail.judgement
  if (decision.held) await keepHold(tx, ctx, { caseId: it.id, commentId: null, reason, waits: true })
  await addNamed(tx, ctx, it, mail, { name: nameOf(message.from ?? { name: null, address: '' }), role: 'contact' })
  return it
}

async function comment(tx: Db, ctx: CaseContext, mail: JudgedMail, decision: AddComment): Promise<string> {
  const author = await requirePerson(tx, decision.personId)
  const words: Words = {
    author: { id: author.id, name: author.name, address: author.address },
    role: decision.role,
    visibility: decision.visibility,
    text: decision.text,
    commands: decision.commands,
    heldBecause: null,
    tellPeople: true,
  }
  const commentId = await writeWithOrders(
    tx,
    ctx,
    decision,
    author,
    async () => await write(tx, ctx, mail, decision.caseId, words),
  )
  // After the comment: whoever is new hears of what is said from now on.
  if (decision.visibility === 'public') {
    const it = await requireCase(tx, decision.caseId)
    await addNamed(tx, ctx, it, mail, { name: author.name, role: decision.role })
  }
  return commentId
}

/** Those whom a mail names in To and Cc take part from now on, as far as the mailbox's policy says. */
async function addNamed(
  tx: Db,
  ctx: CaseContext,
  it: Case,
  mail: JudgedMail,
  by: { name: string; role: AddComment['role'] },
): Promise<void> {
  await addParticipants(tx, ctx, it, {
    actor: by.name,
    byAgent: by.role === 'agent',
    people: [...mail.message.to, ...mail.message.cc],
    trust: mail.judgement.trust,
    policy: mail.mailbox.participants,
  })
}

async function hold(tx: Db, ctx: CaseContext, mail: JudgedMail, decision: HoldComment): Promise<string> {
  const from = mail.message.from ?? { name: null, address: '' }
  const commentId = await write(tx, ctx, mail, decision.caseId, {
    author: { id: null, name: nameOf(from), address: from.address },
    role: 'system',
    visibility: 'internal',
    text: mail.message.reply,
    commands: [],
    heldBecause: mail.judgement.reason,
    tellPeople: decision.tellAgents,
  })
  const { reason } = mail.judgement
  await keepHold(tx, ctx, { caseId: decision.caseId, commentId, reason, waits: decision.tellAgents })
  if (decision.receipt) await sendReceipt(tx, ctx, decision.caseId, decision.receipt, [])
  return commentId
}

/** The verdict first: words that come with it do not open the case again. */
async function accept(tx: Db, ctx: CaseContext, mail: JudgedMail, decision: AcceptSolution): Promise<string | null> {
  const { caseId, personId, role, text } = decision
  const person = await requirePerson(tx, personId)
  await acceptSolution(tx, ctx, await requireCase(tx, caseId), person)
  if (text === null) return null
  return await write(tx, ctx, mail, caseId, {
    author: { id: person.id, name: person.name, address: person.address },
    role,
    visibility: 'public',
    text,
    commands: [],
    heldBecause: null,
    tellPeople: true,
    keepsStatus: true,
  })
}

type Words = Pick<
  NewComment,
  'author' | 'role' | 'visibility' | 'text' | 'commands' | 'heldBecause' | 'tellPeople' | 'keepsStatus'
>

async function write(tx: Db, ctx: CaseContext, mail: JudgedMail, caseId: string, words: Words): Promise<string> {
  const { message } = mail
  const it = await requireCase(tx, caseId)
  // Where the reply reader left nothing, the whole text is better than none.
  const nothingLeft = words.text.trim() === '' && words.commands.length === 0
  const commentId = await addComment(tx, ctx, it, {
    ...words,
    channel: 'mail',
    text: (nothingLeft ? message.text : words.text).trim(),
    quoted: nothingLeft ? '' : message.quoted,
    signature: nothingLeft ? '' : message.signature,
    messageId: message.messageId,
    mailId: mail.mailId,
  })
  await keepTraces(tx, ctx, mail, it.id, commentId)
  return commentId
}

async function command(tx: Db, ctx: CaseContext, decision: RunCommands): Promise<void> {
  const agent = await requirePerson(tx, decision.personId)
  const done = await runCommands(tx, ctx, decision.caseId, agent, decision.commands)
  if (decision.receipt) await sendReceipt(tx, ctx, decision.caseId, decision.receipt, done)
}

async function requireCase(tx: Db, id: string): Promise<Case> {
  const it = await findCase(tx, id)
  if (!it) throw new Error(`the decision names case ${id}, which does not exist`)
  return it
}

async function requirePerson(tx: Db, id: string): Promise<Person> {
  const [person] = await findPeople(tx, [id])
  if (!person) throw new Error(`the decision names person ${id}, who does not exist`)
  return person
}
