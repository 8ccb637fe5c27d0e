import { isoTime, realWorld } from '../src/core/world.ts'
import type { Case } from '../src/model/case.ts'
import type { NoticeKind } from '../src/model/notice.ts'
import { ownMessageId, type Secrets } from '../src/model/thread-key.ts'
import { insertCase, nextCaseNumber } from '../src/store/cases.ts'
import { insertComment } from '../src/store/comments.ts'
import { rememberMessageId } from '../src/store/message-ids.ts'
import type { Store } from '../src/store/open.ts'
import { enqueue, type NewOutboxRow } from '../src/store/outbox.ts'
import { joinCase } from '../src/store/participants.ts'
import { insertPerson } from '../src/store/people.ts'
import type { Db } from '../src/store/schema.ts'

/** 20 cases with 12 comments each; every comment is told to four people. Together 1,000 mails. */
const CASES = 20
const COMMENTS = 12
const MINUTE = 60_000
const LINE =
  'Vi har genstartet maskinen på lageret i Ærøskøbing: den svarer ikke, og der står 12.5. kl. 10:11 i loggen.\n'

interface Someone {
  id: string
  kind: 'agent' | 'contact'
  name: string
  address: string
}

/**
 * Writes 1,000 due notifications as intake would: to each contact that the case was received, to an agent that it was
 * opened, and every comment to everybody who takes part but its author. How many there are comes back.
 */
export async function writeRows(store: Store, secrets: Secrets): Promise<number> {
  const { db } = store
  const at = realWorld.now() - 1_000 * MINUTE
  const agents = [await makePerson(db, 'agent', 'Anna Holm', 'anna@private.test', at)]
  agents.push(await makePerson(db, 'agent', 'Bo Sørensen', 'bo@private.test', at))
  const rows: NewOutboxRow[] = []
  for (let index = 0; index < CASES; index++) {
    const row = rowWriter(rows, secrets)
    await store.transaction(async (tx) => await writeCase(tx, index, agents, at + index * MINUTE, row))
  }
  await store.transaction(async (tx) => await enqueue(tx, rows))
  return rows.length
}

async function makePerson(db: Db, kind: Someone['kind'], name: string, address: string, at: number): Promise<Someone> {
  const person = { id: realWorld.id(), kind, name, address }
  await insertPerson(db, { ...person, language: 'da', createdAt: isoTime(at) })
  return person
}

type WriteRow = (
  kind: NoticeKind,
  to: Someone,
  it: { id: string; number: number },
  comment: string | null,
  at: number,
) => void

function rowWriter(rows: NewOutboxRow[], secrets: Secrets): WriteRow {
  return (kind, to, it, comment, at) => {
    const id = realWorld.id()
    rows.push({
      ...{ id, kind, case_id: it.id, comment_id: comment, person_id: to.id, language: 'da', mailbox: 'support' },
      ...{ to_name: to.name, to_address: to.address, data: '{"titled":true}', created_at: isoTime(at) },
      message_id: ownMessageId(secrets, 'acme.test', it.number, id),
    })
  }
}

async function writeCase(tx: Db, index: number, agents: Someone[], at: number, row: WriteRow): Promise<void> {
  const domain = `customer${index}.test`
  const people = [
    await makePerson(tx, 'contact', 'Kim Ærø', `kim@${domain}`, at),
    await makePerson(tx, 'contact', 'Åse Lund', `ase@${domain}`, at),
    await makePerson(tx, 'contact', 'Jens Hansen', `jens@${domain}`, at),
  ]
  const [contact, ...others] = people as [Someone, Someone, Someone]
  const it = { id: realWorld.id(), number: await nextCaseNumber(tx) }
  await insertCase(tx, makeCase(it, `Printeren på lager ${index} svarer ikke`, contact.id, isoTime(at)))
  for (const { id } of others) await joinCase(tx, it.id, id, isoTime(at))
  await rememberMessageId(tx, `opening-${index}@${domain}`, it.id, null, isoTime(at))
  row('case-received', contact, it, null, at)
  row('case-opened', agents[index % 2] as Someone, it, null, at)
  for (let position = 1; position <= COMMENTS; position++) {
    const author = (position % 2 === 0 ? agents[index % 2] : people[position % 3]) as Someone
    const commentAt = at + position * 30 * MINUTE
    const id = await writeComment(tx, it.id, author, position, commentAt)
    for (const to of [...people, ...agents].filter((person) => person !== author))
      row(to.kind === 'agent' ? 'comment-added-agent' : 'comment-added', to, it, id, commentAt)
  }
}

async function writeComment(tx: Db, caseId: string, author: Someone, position: number, at: number): Promise<string> {
  const id = realWorld.id()
  await insertComment(tx, {
    ...{ id, case_id: caseId, author_id: author.id, author_name: author.name, author_address: author.address },
    ...{ role: author.kind, visibility: 'public', channel: 'mail', quoted: '', signature: '', mail_id: null },
    text: `Hej\n\n${LINE.repeat(1 + (position % 8))}\n${author.name}`,
    message_id: `comment-${id}@${author.address.split('@')[1]}`,
    created_at: isoTime(at),
  })
  return id
}

function makeCase({ id, number }: { id: string; number: number }, title: string, contactId: string, at: string): Case {
  const nothing = { organisationId: null, endCustomer: null, assigneeId: null, product: null, category: null }
  const unset = { routine: null, type: null, operatingSystem: null, version: null, solution: null }
  return {
    ...{ id, number, title, contactId, description: LINE.repeat(4), descriptionQuoted: '', mailbox: 'support' },
    ...{ ...nothing, ...unset, status: 'open', priority: 'normal', language: 'da', answerBy: 'email' },
    ...{ followUpOf: null, mergedInto: null, createdAt: at, updatedAt: at },
  }
}
