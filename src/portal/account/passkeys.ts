import type { FastifyInstance } from 'fastify'
import { askPasskey, enterByPasskey } from '../../accounts/passkey-sign-in.ts'
import {
  addPasskey,
  beginPasskey,
  type Passkey,
  passkeysOf,
  removePasskey,
  renamePasskey,
} from '../../accounts/passkeys.ts'
import type { AccountPage } from '../../render/account-pages.ts'
import { provenIn } from './confirm.ts'
import { form } from './fields.ts'
import { readFields } from './form-body.ts'
import { badRequest, readScripts, type ScriptAnswer, scriptRoute } from './json-route.ts'
import { moment } from './moment.ts'
import { type AccountDeps, type Answer, accountPage, EMPTY, rejected, type Sent } from './pages.ts'
import { havePasskeys, nameField, newPasskeyForm } from './passkey-form.ts'
import { returnPath, withReturn } from './return-to.ts'
import type { SignedIn } from './signed-in.ts'
import { stepInto } from './step-into.ts'
import type { Visitor } from './visitor.ts'

const PATH = '/account/passkeys'
/** A credential's id has 1023 bytes at the most (WebAuthn level 3, 4), which base64url makes 1364 characters. */
const ID = { most: 1_364 }
const MADE = { id: ID, clientData: { most: 4_000 }, attestation: { most: 8_000 }, transports: { most: 100 } }
const ANSWER = {
  id: ID,
  clientData: { most: 4_000 },
  authenticatorData: { most: 4_000 },
  signature: { most: 2_000 },
  userHandle: { most: 100 },
}

type ScriptSent = Sent & { browser: string }

/** Passkeys: their owner's list of them, and what the script of these pages asks and answers. */
export function passkeyPages(part: FastifyInstance, deps: AccountDeps): void {
  accountPage(part, deps, PATH, {
    get: async (asked) => await provenIn(deps, asked, PATH, async (who) => ({ page: await listPage(deps, who, null) })),
    // Whoever sends this has no script.
    post: async (sent) =>
      await provenIn(deps, sent, PATH, async (who) => ({
        status: 422,
        page: await listPage(deps, who, who.visitor.t('passkeys.noScript')),
      })),
  })
  accountPage(part, deps, `${PATH}/:key`, {
    get: async (asked) => await onePage(deps, asked, async (who, it) => ({ page: passkeyPage(deps, who, it) })),
    post: async (sent) => await onePage(deps, sent, async (who, it) => await rename(deps, who, it, sent)),
  })
  accountPage(part, deps, `${PATH}/:key/remove`, {
    get: async () => ({ to: PATH }),
    post: async (sent) => await onePage(deps, sent, async (who, it) => await remove(deps, who, it)),
  })
  accountPage(part, deps, '/sign-in/passkey', {
    get: async () => ({ to: '/sign-in' }),
    post: async ({ visitor, form: sent }) => ({ status: 422, page: noScriptPage(deps, visitor, sent.get('to')) }),
  })
  part.register(async (scripts) => {
    readScripts(scripts)
    scriptRoute(scripts, deps, '/passkeys/begin', async (sent) => await begin(deps, sent))
    scriptRoute(scripts, deps, '/passkeys/add', async (sent) => await add(deps, sent))
    scriptRoute(scripts, deps, '/passkeys/ask', async (sent) => await ask(deps, sent))
    scriptRoute(scripts, deps, '/passkeys/enter', async (sent) => await enter(deps, sent))
  })
}

async function listPage(deps: AccountDeps, { visitor, known }: SignedIn, problem: string | null): Promise<AccountPage> {
  const { t } = visitor
  const rows = (await passkeysOf(deps.ctx.store.db, known.person.id)).map((it) => ({
    title: it.name,
    href: `${deps.base}${PATH}/${it.key}`,
    facts: factsOf(deps, visitor, it),
    action: null,
  }))
  return {
    ...EMPTY,
    title: t('passkeys.title'),
    lead: [t('passkeys.text')],
    alerts: problem === null ? [] : [{ tone: 'error', text: problem }],
    parts: [
      { list: { empty: t('passkeys.none'), rows } },
      ...(havePasskeys(deps)
        ? [{ heading: t('passkeys.add'), text: '' }, newPasskeyForm(deps, visitor)]
        : [{ heading: t('passkeys.add'), text: t('passkeys.impossible') }]),
    ],
    also: [{ href: `${deps.base}/account`, text: t('account.title') }],
  }
}

function factsOf(deps: AccountDeps, { t, language }: Visitor, { createdAt, lastUsedAt }: Passkey): string {
  const date = moment(createdAt, language, deps.timeZone)
  const used = lastUsedAt && moment(lastUsedAt, language, deps.timeZone)
  return `${t('passkeys.created', { date })} · ${used ? t('passkeys.used', { date: used }) : t('passkeys.unused')}`
}

/** Runs a page for one of somebody's passkeys, named by its path. */
async function onePage<A extends Omit<Sent, 'form'>>(
  deps: AccountDeps,
  asked: A,
  page: (who: SignedIn, it: Passkey) => Promise<Answer>,
): Promise<Answer> {
  const key = /^[\w-]{22}$/.test(asked.params.key ?? '') ? (asked.params.key ?? '') : ''
  return await provenIn(deps, asked, key ? `${PATH}/${key}` : PATH, async (who) => {
    const passkey = (await passkeysOf(deps.ctx.store.db, who.known.person.id)).find((it) => it.key === key)
    return passkey ? await page(who, passkey) : { to: PATH }
  })
}

function passkeyPage(deps: AccountDeps, { visitor }: SignedIn, it: Passkey): AccountPage {
  const { t } = visitor
  const path = `${deps.base}${PATH}/${it.key}`
  return {
    ...EMPTY,
    title: it.name,
    lead: [factsOf(deps, visitor, it)],
    parts: [
      form({ action: path, fields: [nameField(visitor, it.name)], button: t('passkeys.rename') }),
      { heading: t('passkeys.remove'), text: t('passkeys.removeText') },
      form({ action: `${path}/remove`, fields: [], button: t('passkeys.remove'), grave: true }),
    ],
    also: [{ href: `${deps.base}${PATH}`, text: t('passkeys.title') }],
  }
}

async function rename(deps: AccountDeps, who: SignedIn, { key }: Passkey, { form: sent }: Sent): Promise<Answer> {
  const fields = readFields(sent, { name: { most: 200 } })
  if (!fields) return rejected(who.visitor)
  await renamePasskey(deps.ctx, who.session, { key, name: fields.name }, who.visitor.visit)
  return { to: PATH }
}

async function remove(deps: AccountDeps, who: SignedIn, { key }: Passkey): Promise<Answer> {
  const removed = await removePasskey(deps.ctx, who.session, key, who.visitor.visit)
  if (removed !== 'last') return { to: PATH }
  return { status: 409, page: await listPage(deps, who, who.visitor.t('passkeys.last')) }
}

function noScriptPage(deps: AccountDeps, { t }: Visitor, to: string | null): AccountPage {
  const also = [{ href: `${deps.base}${withReturn('/sign-in', returnPath(to))}`, text: t('link.sign-in') }]
  return { ...EMPTY, title: t('passkeys.enter'), lead: [t('passkeys.noScript')], also }
}

async function begin(deps: AccountDeps, { visitor, browser, form: sent }: ScriptSent): Promise<ScriptAnswer> {
  if (!readFields(sent, {})) return badRequest(visitor)
  const { session } = visitor
  if (!session) return { to: withReturn('/sign-in', PATH) }
  const begun = await beginPasskey(deps.ctx, session, { browser, brand: deps.brand })
  switch (begun.kind) {
    case 'options':
      return begun
    case 'unproven':
      return { to: withReturn('/account/confirm', PATH) }
    case 'impossible':
    case 'many':
      return { status: 409, text: visitor.t(`passkeys.${begun.kind}`) }
  }
}

async function add(deps: AccountDeps, { visitor, browser, form: sent }: ScriptSent): Promise<ScriptAnswer> {
  const fields = readFields(sent, { ...MADE, name: { most: 200 } })
  if (!fields) return badRequest(visitor)
  const { session, visit, t } = visitor
  if (!session) return { to: withReturn('/sign-in', PATH) }
  const { name, ...made } = fields
  const added = await addPasskey(deps.ctx, session, { made, browser, name }, visit)
  if (added.kind === 'added') return { to: PATH }
  if (added.kind === 'unproven') return { to: withReturn('/account/confirm', PATH) }
  return { status: 409, text: t(`passkeys.${added.kind}`) }
}

async function ask(deps: AccountDeps, { visitor, browser, form: sent }: ScriptSent): Promise<ScriptAnswer> {
  if (!readFields(sent, {})) return badRequest(visitor)
  const options = await askPasskey(deps.ctx, browser)
  return options ? { options } : { status: 409, text: visitor.t('passkeys.impossible') }
}

async function enter(deps: AccountDeps, { visitor, browser, form: sent }: ScriptSent): Promise<ScriptAnswer> {
  const fields = readFields(sent, { ...ANSWER, to: { most: 500 } })
  if (!fields) return badRequest(visitor)
  const { to, ...answer } = fields
  const { session, visit, t } = visitor
  const entered = await enterByPasskey(deps.ctx, { answer, browser, session }, visit)
  switch (entered.kind) {
    case 'in':
      return await stepInto(visitor, entered, returnPath(to))
    case 'wait':
      return { status: 429, text: t('sign-in.tooMany', { seconds: Math.ceil(entered.wait / 1_000) }) }
    case 'unknown':
      return { status: 422, text: t('passkeys.unknown'), unknown: true }
    case 'late':
    case 'other':
    case 'refused':
      return { status: 422, text: t(`passkeys.${entered.kind}`) }
  }
}
