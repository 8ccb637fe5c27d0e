import type { ForwardByAgent, OpenCase } from '../decision/decision.ts'
import type { Case } from '../model/case.ts'
import { writtenLanguage } from '../model/language.ts'
import { findPeople, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { addComment } from './add-comment.ts'
import { sendReceipt } from './agent-words.ts'
import type { CaseContext } from './context.ts'
import { type JudgedMail, keepTraces } from './keep-traces.ts'
import { openCase } from './open-case.ts'
import { addParticipants } from './participants.ts'
import { aroundWords, runCommands } from './run-commands.ts'
import { titleOf } from './title.ts'

/**
 * Opens a case for the customer whose mail an agent forwarded: title, text, attachments, To and Cc are the customer's, and
 * what the agent wrote above is a note and commands. The change log names the agent.
 */
export async function openForwarded(
  tx: Db,
  ctx: CaseContext,
  mail: JudgedMail,
  decision: OpenCase,
  forward: ForwardByAgent,
): Promise<Case> {
  const { message } = mail
  const { forwarded } = message
  const [agent] = await findPeople(tx, [forward.agentId])
  if (!forwarded || !agent) throw new Error(`the decision names agent ${forward.agentId} and a forward: one is missing`)
  const it = await openCase(tx, ctx, {
    mailbox: mail.mailbox,
    contact: decision.contact,
    title: titleOf(forwarded.subject ?? message.subject, forwarded.text),
    description: forwarded.text.trim(),
    descriptionQuoted: '',
    language: writtenLanguage(message.language),
    acknowledge: decision.acknowledge,
    proven: true,
    followUpOf: null,
    actor: { name: agent.name },
    settings: decision.settings ?? null,
  })
  await keepTraces(tx, ctx, mail, it.id, null)
  await addParticipants(tx, ctx, it, {
    actor: agent.name,
    byAgent: true,
    people: [...forwarded.to, ...forwarded.cc, ...message.cc],
    trust: mail.judgement.trust,
    policy: mail.mailbox.participants,
  })
  await writeNote(tx, ctx, mail, it, agent, forward.note)
  await carryOut(tx, ctx, it, agent, forward)
  return it
}

/** What the agent wrote above is for colleagues: the customer never sees it. */
async function writeNote(
  tx: Db,
  ctx: CaseContext,
  mail: JudgedMail,
  it: Case,
  agent: Person,
  note: string,
): Promise<void> {
  if (note.trim() === '') return
  await addComment(tx, ctx, it, {
    author: { id: agent.id, name: agent.name, address: agent.address },
    role: 'agent',
    visibility: 'internal',
    channel: 'mail',
    text: note.trim(),
    quoted: '',
    signature: '',
    messageId: null,
    mailId: mail.mailId,
    commands: [],
    heldBecause: null,
    tellPeople: true,
  })
}

async function carryOut(tx: Db, ctx: CaseContext, it: Case, agent: Person, forward: ForwardByAgent): Promise<void> {
  const { commands, receipt } = forward
  const { before, after } = aroundWords(commands)
  const said = commands.filter(({ kind }) => kind === 'status' || kind === 'solved' || kind === 'help')
  const lines = await runCommands(tx, ctx, it.id, agent, [...before, ...said, ...after])
  if (receipt) await sendReceipt(tx, ctx, it.id, receipt, lines)
}
