import type { Db } from '../schema.ts'

/** An account as an administrator sees it. Times are ISO 8601 UTC. */
export interface ListedAccount {
  personId: string
  address: string
  name: string
  kind: 'contact' | 'agent'
  organisation: string | null
  createdAt: string
  activatedAt: string | null
  disabledAt: string | null
  /** Asked of the person, or of everybody in their organisation. */
  requiresSecond: boolean
  /** The second factors that count: totp, sms, emergency, passkey. */
  factors: string[]
  lastSignedInAt: string | null
}

/** All accounts, by address. */
export async function listAccounts(db: Db): Promise<ListedAccount[]> {
  const rows = await readAccounts(db)
  const factors = await factorsByPerson(db)
  const signedIn = await lastSignIns(db)
  return rows.map((row) => ({
    personId: row.person_id,
    address: row.address,
    name: row.name,
    kind: row.kind,
    organisation: row.organisation,
    createdAt: row.created_at,
    activatedAt: row.activated_at,
    disabledAt: row.disabled_at,
    requiresSecond: row.requires_second === 1 || row.organisation_requires === 1,
    factors: factors.get(row.person_id) ?? [],
    lastSignedInAt: signedIn.get(row.person_id) ?? null,
  }))
}

async function readAccounts(db: Db) {
  return await db
    .selectFrom('accounts')
    .innerJoin('people', 'people.id', 'accounts.person_id')
    .innerJoin('person_addresses', (join) =>
      join.onRef('person_addresses.person_id', '=', 'people.id').on('person_addresses.is_primary', '=', 1),
    )
    .leftJoin('organisations', 'organisations.id', 'people.organisation_id')
    .select([
      'accounts.person_id',
      'person_addresses.address',
      'people.name',
      'people.kind',
      'organisations.name as organisation',
      'organisations.requires_second as organisation_requires',
      'accounts.created_at',
      'accounts.activated_at',
      'accounts.disabled_at',
      'accounts.requires_second',
    ])
    .orderBy('person_addresses.address')
    .execute()
}

async function factorsByPerson(db: Db): Promise<Map<string, string[]>> {
  const factors = await db
    .selectFrom('second_factors')
    .select(['person_id', 'kind'])
    .where('confirmed_at', 'is not', null)
    .orderBy('kind')
    .execute()
  const passkeys = await db.selectFrom('passkeys').select('person_id').distinct().execute()
  const all = [...factors, ...passkeys.map(({ person_id }) => ({ person_id, kind: 'passkey' }))]
  const found = new Map<string, string[]>()
  for (const { person_id, kind } of all) found.set(person_id, [...(found.get(person_id) ?? []), kind])
  return found
}

async function lastSignIns(db: Db): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('security_log')
    .select(({ fn }) => ['person_id', fn.max('at').as('at')])
    .where('what', 'in', ['signed-in', 'activated'])
    .where('person_id', 'is not', null)
    .groupBy('person_id')
    .execute()
  return new Map(rows.map((row) => [row.person_id ?? '', row.at]))
}
