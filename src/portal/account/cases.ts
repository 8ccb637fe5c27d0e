import type { FastifyInstance } from 'fastify'
import { listMyCases, type MyCaseView, viewMyCase } from '../../cases/my-cases.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { moment } from './moment.ts'
import { type AccountDeps, accountPage, EMPTY } from './pages.ts'
import { signedIn } from './signed-in.ts'
import type { Visitor } from './visitor.ts'

/** Cases on one page; whoever has more finds the older ones by mail, until there is a search. */
const MOST = 200

/** 'My cases', and one of them. */
export function casePages(part: FastifyInstance, deps: AccountDeps): void {
  const { db } = deps.ctx.store
  accountPage(part, deps, '/', { get: async () => ({ to: '/cases' }) })
  accountPage(part, deps, '/cases', {
    get: async (asked) =>
      await signedIn(asked, '/cases', async ({ visitor, known }) => {
        const cases = await listMyCases(db, known.person.id, MOST)
        const rows = cases.map(({ number, title, status, updatedAt }) => ({
          title: `#${number} ${title}`,
          href: `${deps.base}/cases/${number}`,
          facts: `${visitor.t(`status.${status}`)} · ${moment(updatedAt, visitor.language, deps.timeZone)}`,
          action: null,
        }))
        const { t } = visitor
        const lead = [t('cases.text', { address: deps.address })]
        return {
          page: { ...EMPTY, title: t('cases.title'), lead, parts: [{ list: { empty: t('cases.none'), rows } }] },
        }
      }),
  })
  accountPage(part, deps, '/cases/:number', {
    get: async (asked) =>
      await signedIn(asked, `/cases/${asked.params.number}`, async ({ visitor, known }) => {
        const number = /^\d{1,10}$/.test(asked.params.number ?? '') ? Number(asked.params.number) : 0
        const it = await viewMyCase(db, known.person.id, number)
        return it ? { page: casePage(deps, visitor, it) } : { status: 404, page: noCase(deps, visitor) }
      }),
  })
}

function casePage({ brand, base, timeZone, address }: AccountDeps, visitor: Visitor, it: MyCaseView): AccountPage {
  const { t, language } = visitor
  const words = it.words.map(({ author, at, text, own }) => ({
    author: author || brand,
    when: moment(at, language, timeZone),
    text,
    own,
  }))
  const facts = [
    { name: t('case.status'), value: t(`status.${it.status}`) },
    { name: t('case.opened'), value: moment(it.createdAt, language, timeZone) },
  ]
  return {
    ...EMPTY,
    title: `#${it.number} ${it.title}`,
    parts: [{ facts }, { words }],
    lead: [t('case.answer', { address })],
    also: [{ href: `${base}/cases`, text: t('case.all') }],
  }
}

function noCase({ base }: AccountDeps, { t }: Visitor): AccountPage {
  const also = [{ href: `${base}/cases`, text: t('case.all') }]
  return { ...EMPTY, title: t('case.none.title'), lead: [t('case.none.text')], also }
}
