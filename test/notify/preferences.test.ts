import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Mode, Topic } from '../../src/model/preferences.ts'
import { settingsKey, stopKey } from '../../src/model/thread-key.ts'
import {
  type Choice,
  offersTo,
  resumeTopic,
  setPreferences,
  stopTopic,
  viewPreferences,
} from '../../src/notify/preferences.ts'
import { resumeByKey, stopByKey, viewByKey, viewStop } from '../../src/notify/preferences-by-key.ts'
import { findPersonByAddress, type Person } from '../../src/store/people.ts'
import { engines } from '../support/databases.ts'
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts'

describe.each(engines)('what people choose to be told of, on %s', (engine) => {
  let desk: HelpDesk
  let kim: Person
  let anna: Person
  beforeEach(async () => {
    desk = await openHelpDesk(engine)
    const { policy } = desk.ctx
    const sales = policy.mailboxes.map((it) => ({ ...it, name: 'sales', address: 'sales@acme.test' }))
    desk.ctx.policy = {
      ...policy,
      mailboxes: [...policy.mailboxes, ...sales],
      digests: { agents: true, contacts: true, articles: false },
    }
    await desk.take({})
    kim = await person('kim@customer.test')
    anna = await person('anna@private.test')
  })
  afterEach(async () => {
    await desk.store.close()
  })

  const person = async (address: string): Promise<Person> => {
    const found = await findPersonByAddress(desk.store.db, address)
    if (!found) throw new Error(`nobody has ${address}`)
    return found
  }
  const choose = async (who: Person, ...choices: [Topic, Mode | null, string?][]) => {
    const list = choices.map(([topic, mode, mailbox = '']): Choice => ({ topic, mode, mailbox }))
    await desk.store.transaction(async (tx) => await setPreferences(tx, desk.ctx, who, list))
  }
  const held = async (who: Person) => {
    const view = await viewPreferences(desk.store.db, desk.ctx, who.id)
    return Object.fromEntries(
      (view?.choices ?? []).map(({ topic, mailbox, mode }) => [mailbox ? `${topic}@${mailbox}` : topic, mode]),
    )
  }
  const stop = async (who: Person, topic: Topic) =>
    await desk.store.transaction(async (tx) => await stopTopic(tx, desk.ctx, who.id, topic))
  const resume = async (who: Person, topic: Topic) =>
    await desk.store.transaction(async (tx) => await resumeTopic(tx, desk.ctx, who.id, topic))

  it('is everything at once, for whoever never chose', async () => {
    expect(await held(kim)).toEqual({ comments: 'now', solutions: 'now', areas: 'now', digests: 'now' })
    expect(await held(anna)).toEqual({
      ...{ comments: 'now', solutions: 'now', areas: 'now', digests: 'now' },
      'comments@support': null,
      'comments@sales': null,
    })
    expect(await viewPreferences(desk.store.db, desk.ctx, 'nobody')).toBeNull()
  })

  it('offers no digest that is not written', () => {
    const modes = (topic: Topic) => offersTo(desk.ctx.policy, 'contact').find((it) => it.topic === topic)?.modes
    expect([modes('comments'), modes('areas')]).toEqual([
      ['now', 'digest', 'off'],
      ['now', 'off'],
    ])
    const { digests: _, ...without } = desk.ctx.policy
    expect(offersTo(without, 'agent').flatMap((it) => it.modes)).not.toContain('digest')
    expect(offersTo(without, 'agent').map((it) => it.topic)).not.toContain('digests')
  })

  it('is kept, can be changed, and for a mailbox given back to what holds for all', async () => {
    await choose(anna, ['comments', 'digest'], ['comments', 'off', 'sales'])
    expect(await held(anna)).toMatchObject({ comments: 'digest', 'comments@sales': 'off', 'comments@support': null })
    await choose(anna, ['comments', 'now'], ['comments', null, 'sales'])
    expect(await held(anna)).toMatchObject({ comments: 'now', 'comments@sales': null })
    expect(await held(kim)).toMatchObject({ comments: 'now' })
  })

  it.each<[string, 'contact' | 'agent', Choice]>([
    ['a digest that is not written', 'contact', { topic: 'areas', mailbox: '', mode: 'digest' }],
    ['a mailbox for a contact', 'contact', { topic: 'comments', mailbox: 'sales', mode: 'off' }],
    ['a mailbox that does not exist', 'agent', { topic: 'comments', mailbox: 'gone', mode: 'off' }],
    ['nothing at all for all mailboxes', 'agent', { topic: 'comments', mailbox: '', mode: null }],
    ['digests in a digest', 'agent', { topic: 'digests', mailbox: '', mode: 'digest' }],
  ])('cannot be %s', async (_what, kind, choice) => {
    const who = kind === 'agent' ? anna : kim
    await expect(choose(who, ['solutions', 'off'], [choice.topic, choice.mode, choice.mailbox])).rejects.toMatchObject({
      code: 'no-such-choice',
      hint: expect.stringMatching(/^(?:Choose one of|There are): /),
    })
    expect(await held(who)).toMatchObject({ solutions: 'now' })
  })

  it('shows what was to come in a digest as at once, when no digest is written any more', async () => {
    await choose(kim, ['comments', 'digest'])
    desk.ctx.policy = { ...desk.ctx.policy, digests: { agents: true, contacts: false, articles: false } }
    expect(await held(kim)).toMatchObject({ comments: 'now' })
  })

  it('without digests waits for none', async () => {
    await choose(kim, ['comments', 'digest'], ['solutions', 'digest'])
    await choose(kim, ['digests', 'off'])
    expect(await held(kim)).toEqual({ comments: 'now', solutions: 'now', areas: 'now', digests: 'off' })
  })

  it('ends for a topic in every mailbox, once, and comes back as it was', async () => {
    await choose(anna, ['comments', 'digest'], ['comments', 'now', 'sales'], ['comments', 'off', 'support'])
    const before = await held(anna)
    expect([await stop(anna, 'comments'), await stop(anna, 'comments')]).toEqual([true, false])
    expect(await held(anna)).toMatchObject({ comments: 'off', 'comments@sales': 'off', 'comments@support': 'off' })
    expect([await resume(anna, 'comments'), await resume(anna, 'comments')]).toEqual([true, false])
    expect(await held(anna)).toEqual(before)
  })

  it('ends with digests for what waited for one, and comes back alone', async () => {
    await choose(kim, ['comments', 'digest'], ['solutions', 'digest'])
    await stop(kim, 'solutions')
    await stop(kim, 'digests')
    expect(await held(kim)).toEqual({ comments: 'off', solutions: 'off', areas: 'now', digests: 'off' })
    await resume(kim, 'digests')
    expect(await held(kim)).toEqual({ comments: 'digest', solutions: 'off', areas: 'now', digests: 'now' })
    await resume(kim, 'solutions')
    expect(await held(kim)).toMatchObject({ solutions: 'digest' })
  })

  it('comes back at once, where it was chosen to be off and never ended', async () => {
    await choose(kim, ['areas', 'off'])
    await resume(kim, 'areas')
    expect(await held(kim)).toMatchObject({ areas: 'now' })
    await stop(kim, 'areas')
    await choose(kim, ['areas', 'off'])
    await resume(kim, 'areas')
    expect(await held(kim)).toMatchObject({ areas: 'now' })
  })

  it('is ended by many requests at once as by one', async () => {
    const { secrets } = desk.ctx.policy
    const key = stopKey(secrets, 'comments', kim.id)
    const views = await Promise.all([1, 2, 3, 4].map(async () => await stopByKey(desk.ctx, key)))
    expect(views.map((view) => view?.stopped)).toEqual([true, true, true, true])
    await resumeByKey(desk.ctx, key)
    expect(await held(kim)).toMatchObject({ comments: 'now' })
  })

  it('is nobody else’s to see or to change: a key of another purpose, topic, person or secret is none', async () => {
    const { secrets } = desk.ctx.policy
    const key = stopKey(secrets, 'comments', kim.id)
    const other: typeof secrets = ['another secret of at least thirty-two characters']
    expect(await viewStop(desk.ctx, key)).toMatchObject({ topic: 'comments', stopped: false })
    const wrong = [
      settingsKey(secrets, kim.id),
      key.replace('uc.', 'us.'),
      key.replace(kim.id, anna.id),
      stopKey(other, 'comments', kim.id),
      stopKey(secrets, 'comments', 'nobody'),
      '',
    ]
    for (const text of wrong) expect([text, await viewStop(desk.ctx, text)]).toEqual([text, null])
    expect(await viewByKey(desk.ctx, key)).toBeNull()
    expect(await viewByKey(desk.ctx, settingsKey(secrets, 'nobody'))).toBeNull()
    // A new secret in front of the old one leaves the keys of mails that were sent.
    desk.ctx.policy = { ...desk.ctx.policy, secrets: [other[0], ...secrets] }
    expect(await viewStop(desk.ctx, key)).toMatchObject({ topic: 'comments' })
  })
})
