import { PosthornError } from '../core/errors.ts'
import { isoTime } from '../core/world.ts'
import { findArticle, insertArticle, insertArticleComment, insertTelling } from '../store/knowledge.ts'
import type { Db } from '../store/schema.ts'
import type { KnowledgeContext } from './context.ts'
import { tellAll } from './tell-followers.ts'

/** An article as somebody writes it. */
export interface NewArticle {
  areaId: string
  title: string
  text: string
  /** null: it is nobody's in particular, and everybody is told. */
  authorId: string | null
}

/**
 * Writes an article and tells everybody who follows its area, but its author; its id comes back. If the program dies while
 * they are told, the rest is told later (tell-followers.ts). Throws 'empty-article'. `committed` is called when rows are due.
 */
export async function publishArticle(
  ctx: KnowledgeContext,
  { areaId, title, text, authorId }: NewArticle,
  committed?: () => void,
): Promise<string> {
  const clean = title.replace(/\s+/g, ' ').trim()
  if (clean === '' || text.trim() === '') throw emptyError('an article needs a title and a text')
  const [id, at] = [ctx.world.id(), isoTime(ctx.world.now())]
  const article = { id, area_id: areaId, title: clean, text, author_id: authorId, published_at: at }
  await begin(ctx, { articleId: id, commentId: null }, async (tx) => await insertArticle(tx, article), committed)
  return id
}

/** Writes a comment on an article and tells the same people, but whoever wrote it; its id comes back. Throws 'empty-article'
 * and 'no-such-article'. */
export async function commentOnArticle(
  ctx: KnowledgeContext,
  { articleId, authorId, text }: { articleId: string; authorId: string; text: string },
  committed?: () => void,
): Promise<string> {
  if (text.trim() === '') throw emptyError('a comment needs a text')
  const id = ctx.world.id()
  const comment = { id, article_id: articleId, author_id: authorId, text, created_at: isoTime(ctx.world.now()) }
  const insert = async (tx: Db) => {
    if (!(await findArticle(tx, articleId)))
      throw new PosthornError('no-such-article', `there is no article ${articleId}`, { temporary: false })
    await insertArticleComment(tx, comment)
  }
  await begin(ctx, { articleId, commentId: id }, insert, committed)
  return id
}

/** What is new, and that it is to be told, in one transaction; the telling itself in as many as it takes. */
async function begin(
  ctx: KnowledgeContext,
  { articleId, commentId }: { articleId: string; commentId: string | null },
  insert: (tx: Db) => Promise<void>,
  committed?: () => void,
): Promise<void> {
  const { store, world } = ctx
  const telling = { id: world.id(), article_id: articleId, comment_id: commentId, told_to: '' }
  await store.transaction(async (tx) => {
    await insert(tx)
    await insertTelling(tx, { ...telling, created_at: isoTime(world.now()) })
  })
  await tellAll(ctx, telling.id, { committed })
}

function emptyError(message: string): PosthornError {
  return new PosthornError('empty-article', message, { temporary: false })
}
