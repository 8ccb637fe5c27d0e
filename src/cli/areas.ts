import type { Command } from 'commander'
import { casePolicy } from '../app.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { followArea, makeArea, requireArea, unfollowArea } from '../knowledge/areas.ts'
import { normaliseAddress } from '../model/address.ts'
import { listAreas } from '../store/knowledge.ts'
import { findPersonByAddress, findVerified, type Person } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { printJson, printTable, withConfigOption, withStore } from './open.ts'

/** `posthorn areas list|add|follow|unfollow`: what articles are about, and who hears of them. */
export function registerAreas(program: Command): void {
  const areas = program.command('areas').description('areas that articles are about, and who follows them')
  withConfigOption(areas.command('list').description('all areas, with how many follow each'))
    .option('--json', 'one JSON object a line')
    .action(async (options: { config: string; json?: boolean }) => {
      await withStore(options.config, async ({ store }) => {
        const rows = await listAreas(store.db)
        if (options.json) printJson(rows)
        else printTable(rows.map(({ name, followers, articles }) => ({ name, followers, articles })))
      })
    })
  withConfigOption(areas.command('add').description('makes an area').argument('<name>')).action(
    async (name: string, options: { config: string }) => {
      await withStore(options.config, async ({ store }) => {
        const area = await store.transaction(async (tx) => await makeArea(tx, { world: realWorld }, name))
        process.stdout.write(`${area.name}: made\n`)
      })
    },
  )
  change(areas, 'follow', 'somebody hears of new articles and comments from now on', async (tx, areaId, person) => {
    const isNew = await followArea(tx, { world: realWorld }, areaId, person.id)
    const verified = await findVerified(tx, [person.address])
    const until = verified.has(person.address) ? '' : '; mail goes there once they have shown that they read it'
    return `${isNew ? 'follows' : 'followed already'}${until}`
  })
  change(areas, 'unfollow', 'somebody hears of them no more', async (tx, areaId, person) =>
    (await unfollowArea(tx, areaId, person.id)) ? 'follows no more' : 'did not follow',
  )
}

function change(
  areas: Command,
  name: string,
  description: string,
  verb: (tx: Db, areaId: string, person: Person) => Promise<string>,
): void {
  withConfigOption(areas.command(name).description(description).argument('<area>').argument('<address>')).action(
    async (area: string, address: string, options: { config: string }) => {
      await withStore(options.config, async ({ store, config }) => {
        const done = await store.transaction(async (tx) => {
          const { id } = await requireArea(tx, area)
          return await verb(tx, id, await requirePerson(tx, address, casePolicy(config).mailboxes[0]?.address ?? ''))
        })
        process.stdout.write(`${address}: ${done}\n`)
      })
    },
  )
}

/** Nobody is made a follower who never wrote: an address that was typed wrong is somebody else's. */
async function requirePerson(db: Db, address: string, support: string): Promise<Person> {
  const person = await findPersonByAddress(db, normaliseAddress(address))
  if (person) return person
  throw new PosthornError('no-such-person', `nobody with the address ${address} is known`, {
    temporary: false,
    hint: `People are known from their first mail to ${support} on.`,
  })
}
