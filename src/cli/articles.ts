import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { casePolicy } from '../app.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { requireArea } from '../knowledge/areas.ts'
import { publishArticle } from '../knowledge/articles.ts'
import { normaliseAddress } from '../model/address.ts'
import { findPersonByAddress } from '../store/people.ts'
import type { Db } from '../store/schema.ts'
import { withConfigOption, withStore } from './open.ts'

interface PublishOptions {
  config: string
  area: string
  title: string
  author?: string
}

/** `posthorn articles publish`: writes an article, and tells whoever follows its area. */
export function registerArticles(program: Command): void {
  const articles = program.command('articles').description('articles in areas that people follow')
  withConfigOption(
    articles
      .command('publish')
      .description('publishes an article and tells everybody who follows its area')
      .argument('<file>', 'its text, UTF-8'),
  )
    .requiredOption('--area <name>', 'what it is about')
    .requiredOption('--title <title>', 'its title')
    .option('--author <address>', 'who wrote it: they are not told')
    .action(async (file: string, options: PublishOptions) => {
      const text = await readFile(file, 'utf8')
      await withStore(options.config, async ({ store, config }) => {
        const ctx = { store, world: realWorld, policy: casePolicy(config) }
        const { id: areaId } = await requireArea(store.db, options.area)
        const authorId = options.author ? await personId(store.db, options.author) : null
        const id = await publishArticle(ctx, { areaId, title: options.title, text, authorId })
        process.stdout.write(`${id}: published\n`)
      })
    })
}

async function personId(db: Db, address: string): Promise<string> {
  const person = await findPersonByAddress(db, normaliseAddress(address))
  if (person) return person.id
  throw new PosthornError('no-such-person', `nobody with the address ${address} is known`, { temporary: false })
}
