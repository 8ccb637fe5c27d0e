import type { ArticleCommented, ArticlePublished } from '../model/notice.ts'
import { type NewNotice, notify } from '../notify/notify.ts'
import {
  deleteTelling,
  type Follower,
  findArticle,
  findArticleComment,
  findTelling,
  listFollowers,
  listTellings,
  moveTelling,
  type TellingRow,
} from '../store/knowledge.ts'
import type { Db } from '../store/schema.ts'
import type { KnowledgeContext } from './context.ts'

/**
 * Telling followers of an article or a comment. What is to be told is a row of its own with the last follower who was; each
 * page of followers and the row's next place are one transaction. So each follower is told once, however many there are,
 * wherever it breaks off, and however many programs go on with it.
 */
export interface TellOptions {
  committed?: (() => void) | undefined
  signal?: AbortSignal | undefined
}

const PAGE = 200
/** Characters of an article or a comment that a mail begins with. */
const MOST_WORDS = 600

/** Goes on with everything that was begun and not ended, oldest first. */
export async function finishTellings(ctx: KnowledgeContext, options: TellOptions = {}): Promise<void> {
  for (const { id } of await listTellings(ctx.store.db)) await tellAll(ctx, id, options)
}

/** Tells everybody who is still to be told; at once where that is nobody any more. */
export async function tellAll(ctx: KnowledgeContext, id: string, { committed, signal }: TellOptions): Promise<void> {
  let goesOn = true
  while (goesOn && !signal?.aborted) {
    goesOn = await ctx.store.transaction(async (tx) => await tellPage(tx, ctx, id))
    committed?.()
  }
}

/** Says whether there may be more. */
async function tellPage(tx: Db, ctx: KnowledgeContext, id: string): Promise<boolean> {
  const telling = await findTelling(tx, id)
  if (!telling) return false
  const news = await newsOf(tx, telling)
  const page = { at: telling.created_at, after: telling.told_to, most: PAGE }
  const followers = await listFollowers(tx, news.areaId, page)
  const last = followers.at(-1)
  if (!last) {
    await deleteTelling(tx, id)
    return false
  }
  // Somebody else may be telling the same people just now: whoever moves the row first does.
  if (!(await moveTelling(tx, telling, last.id))) return true
  const told = followers.filter((follower) => follower.id !== news.authorId)
  await notify(
    tx,
    ctx,
    told.map((follower) => noticeFor(ctx, follower, news)),
  )
  return true
}

type InNotice = 'kind' | 'article' | 'text' | 'threadId'
type Words = Pick<ArticlePublished, InNotice> | Pick<ArticleCommented, InNotice | 'author'>

interface News {
  areaId: string
  /** Who is not told. */
  authorId: string | null
  words: Words
}

async function newsOf(tx: Db, { article_id, comment_id }: TellingRow): Promise<News> {
  const found = await findArticle(tx, article_id)
  const comment = comment_id === null ? null : await findArticleComment(tx, comment_id)
  if (!found || (comment_id !== null && !comment)) throw new Error(`there is no article ${article_id} to tell of`)
  const { area, title, author, published_at: at, area_id: areaId } = found
  const article = { area, title, author, at, url: null }
  const common = { article, threadId: found.id }
  return comment
    ? {
        areaId,
        authorId: comment.author_id,
        words: { kind: 'article-commented', ...common, text: firstWords(comment.text), author: comment.author },
      }
    : {
        areaId,
        authorId: found.author_id,
        words: { kind: 'article-published', ...common, text: firstWords(found.text) },
      }
}

function noticeFor({ policy }: KnowledgeContext, follower: Follower, { words }: News): NewNotice {
  const [mailbox] = policy.mailboxes
  if (!mailbox) throw new Error('there is no mailbox in the configuration')
  const { kind, ...data } = words
  const language = follower.language ?? mailbox.language
  return { kind, to: follower, language, mailbox, case: null, commentId: null, data }
}

/** As many whole words as fit. */
function firstWords(text: string): string {
  const clean = text.trim()
  if (clean.length <= MOST_WORDS) return clean
  const cut = clean.slice(0, MOST_WORDS)
  const end = Math.max(cut.lastIndexOf(' '), MOST_WORDS / 2)
  // Half a character is none.
  return `${cut
    .slice(0, end)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()} …`
}
