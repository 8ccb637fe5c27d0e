import { PosthornError } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import { type AreaRow, deleteFollow, findAreaByName, insertArea, insertFollow } from '../store/knowledge.ts'
import type { Db } from '../store/schema.ts'
import type { KnowledgeContext } from './context.ts'

const MOST_NAME = 100

/** Makes an area that articles are about and that people follow. Throws 'area-name', and 'area-exists'. */
export async function makeArea(tx: Db, { world }: Pick<KnowledgeContext, 'world'>, name: string): Promise<AreaRow> {
  const clean = cleanName(name)
  if (clean === '' || clean.length > MOST_NAME)
    throw new PosthornError('area-name', `the name of an area has 1 to ${MOST_NAME} characters`, { temporary: false })
  if (await findAreaByName(tx, clean))
    throw new PosthornError('area-exists', `there is an area '${clean}' already`, { temporary: false })
  const area = { id: world.id(), name: clean, created_at: isoTime(world.now()) }
  await insertArea(tx, area)
  return area
}

/** The area of a name. Throws 'no-such-area'. */
export async function requireArea(db: Db, name: string): Promise<AreaRow> {
  const area = await findAreaByName(db, cleanName(name))
  if (area) return area
  throw new PosthornError('no-such-area', `there is no area '${cleanName(name)}'`, {
    temporary: false,
    hint: "'posthorn areas list' names them all, 'posthorn areas add NAME' makes one.",
  })
}

/** From now on the person hears of new articles and comments in the area. Says whether that is new: twice is once. */
export async function followArea(
  tx: Db,
  { world }: Pick<KnowledgeContext, 'world'>,
  areaId: string,
  personId: string,
): Promise<boolean> {
  return await insertFollow(tx, areaId, personId, isoTime(world.now()))
}

/** Says whether the person followed the area until now. What is in the outbox already is still sent. */
export async function unfollowArea(tx: Db, areaId: string, personId: string): Promise<boolean> {
  return await deleteFollow(tx, areaId, personId)
}

function cleanName(name: string): string {
  return name.replace(/\s+/g, ' ').trim()
}
