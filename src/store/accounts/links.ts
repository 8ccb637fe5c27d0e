import type { Selectable } from 'kysely'
import type { AccountLinkTable, LinkPurpose } from '../account-tables.ts'
import type { Db } from '../schema.ts'

export type LinkRow = Selectable<AccountLinkTable>

export async function insertLink(db: Db, row: AccountLinkTable): Promise<void> {
  await db.insertInto('account_links').values(row).execute()
}

export async function findLink(db: Db, tokenHash: string): Promise<LinkRow | null> {
  const row = await db.selectFrom('account_links').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()
  return row ?? null
}

/** Spends a link that is open at `at`. Says whether it was: of two that come at once, one is told no. */
export async function spendLink(db: Db, id: string, at: string): Promise<boolean> {
  const result = await db
    .updateTable('account_links')
    .set({ spent_at: at })
    .where('id', '=', id)
    .where('spent_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Spends all open links of a person for some purposes: what they were for is done, or no longer wanted. */
export async function spendLinksOf(
  db: Db,
  personId: string,
  purposes: readonly LinkPurpose[],
  at: string,
): Promise<void> {
  await db
    .updateTable('account_links')
    .set({ spent_at: at })
    .where('person_id', '=', personId)
    .where('purpose', 'in', [...purposes])
    .where('spent_at', 'is', null)
    .execute()
}

/** Drops links that ended before `before` (ISO 8601 UTC): long enough ago that nobody asks why they do not work. */
export async function dropOldLinks(db: Db, before: string): Promise<void> {
  await db.deleteFrom('account_links').where('expires_at', '<', before).execute()
}
