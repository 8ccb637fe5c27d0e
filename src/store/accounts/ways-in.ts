import type { Db } from '../schema.ts'

/** Keeps others from changing somebody's ways in until the transaction ends, so that two cannot each take one of the last two. */
export async function holdAccount(db: Db, personId: string): Promise<void> {
  await db.updateTable('accounts').set({ person_id: personId }).where('person_id', '=', personId).execute()
}

/** How many ways somebody has to sign in: a password, passkeys, and identities elsewhere. A link by mail is none: it is for emergencies. */
export async function countWaysIn(db: Db, personId: string): Promise<number> {
  const account = await db
    .selectFrom('accounts')
    .select('password_hash')
    .where('person_id', '=', personId)
    .executeTakeFirst()
  const count = async (table: 'passkeys' | 'identities') =>
    await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll().as('count'))
      .where('person_id', '=', personId)
      .executeTakeFirst()
  const [passkeys, identities] = [await count('passkeys'), await count('identities')]
  return (account?.password_hash ? 1 : 0) + Number(passkeys?.count ?? 0) + Number(identities?.count ?? 0)
}
