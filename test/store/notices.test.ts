import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { insertAttachments } from '../../src/store/attachments.ts'
import { loadNotice, loadNotices, type NoticeContext } from '../../src/store/notices.ts'
import { joinCase } from '../../src/store/participants.ts'
import { engines } from '../support/databases.ts'
import { mailbox } from '../support/notices.ts'
import { openPostOffice, type PostOffice, SECRETS } from '../support/post-office.ts'
import { watched } from '../support/queries.ts'

const context: NoticeContext = { secrets: SECRETS, mailbox: () => mailbox }
const AT = '2026-11-20T10:00:00.000Z'

describe.each(engines)('notices out of rows on %s', (engine) => {
  let office: PostOffice
  beforeEach(async () => {
    office = await openPostOffice(engine)
  })
  afterEach(async () => {
    await office.close()
  })

  /** A case with comments by both, files with some of them, a mail that was sent, and rows of every kind about it. */
  async function writeCase(title: string) {
    const it = await office.openCase(title)
    await joinCase(office.store.db, it.id, office.anna, AT)
    await attach(it.id, null, `${title}.txt`)
    const received = await office.tell('case-received', it, { data: '{"titled":true}' })
    await office.store.db.updateTable('outbox').set({ status: 'sent' }).where('id', '=', received).execute()
    await office.tell('case-opened', it)
    for (const by of ['kim', 'anna', 'kim'] as const) {
      const id = await office.comment(it.id, `${title}: ${by}`, { by, messageId: `${it.number}-${by}@x.test` })
      await attach(it.id, id, `${by}.txt`)
      await office.tell('comment-added', it, { comment_id: id })
      await office.tell('comment-added', it, { comment_id: id, person_id: office.anna, to_address: 'anna@home.test' })
      await office.tell('comment-added-agent', it, { comment_id: id })
    }
    return it
  }

  async function attach(case_id: string, comment_id: string | null, filename: string) {
    const bytes = Buffer.from(filename)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await office.store.transaction(async (tx) => {
      await office.store.blobs.put(tx, sha256, bytes.length, { bytes })
      const about = { mail_id: 'm', case_id, comment_id, content_id: null, inline: 0 }
      const file = { filename, content_type: 'text/plain', size: bytes.length, sha256 }
      await insertAttachments(tx, [{ id: office.world.id(), position: 0, ...about, ...file }])
    })
  }

  test('many at once are what each is by itself', async () => {
    await writeCase('en')
    await writeCase('to')
    await office.tell('mail-too-large', null, { data: '{"subject":"x","size":2,"limit":1}' })
    await office.tell('password-changed', null, { data: '{"securityUrl":"https://x.test/"}' })
    const rows = await office.rows()
    const together = await loadNotices(office.store.db, rows, context)
    expect([...together.keys()]).toEqual(rows.map((row) => row.id))
    for (const row of rows) expect(together.get(row.id)).toEqual(await loadNotice(office.store.db, row, context))
  })

  test('a row that cannot be sent is no other row’s trouble', async () => {
    const it = await writeCase('en')
    const secret = await office.comment(it.id, 'kun for os', { visibility: 'internal' })
    const other = await office.openCase('en anden')
    const foreign = await office.comment(other.id, 'en andens ord')
    const bad: [string, string][] = [
      [await office.tell('comment-added', it, { comment_id: secret }), 'internal'],
      [await office.tell('comment-added', it, { comment_id: foreign }), 'its comment does not exist'],
      [await office.tell('comment-added', it, { case_id: 'gone' }), 'its case does not exist'],
      [await office.tell('comment-added-agent', it, { person_id: office.kim }), 'its recipient is no agent'],
      [await office.tell('case-received', it, { data: '{' }), 'JSON'],
      [await office.tell('mail-too-large', null, { data: '{}' }), 'lacks subject'],
    ]
    const rows = await office.rows()
    const together = await loadNotices(office.store.db, rows, context)
    for (const [id, why] of bad) {
      expect(String(together.get(id))).toContain(why)
      await expect(loadNotice(office.store.db, await office.row(id), context)).rejects.toThrow(why)
    }
    const good = rows.filter((row) => !bad.some(([id]) => id === row.id))
    for (const row of good) expect(together.get(row.id)).toMatchObject({ row: row.id })
  })

  test('take no more queries for many than for one', async () => {
    await writeCase('en')
    const queries = async () => {
      const texts: string[] = []
      const db = watched(office.store.db, ({ sql }) => texts.push(sql))
      await loadNotices(db, await office.rows(), context)
      return texts.length
    }
    const few = await queries()
    await writeCase('to')
    await writeCase('tre')
    expect(await queries()).toBe(few)
    expect(few).toBeLessThanOrEqual(9)
  })
})
