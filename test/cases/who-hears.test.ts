import { describe, expect, it } from 'vitest'
import { type Circle, type Event, whoHears } from '../../src/cases/tell.ts'
import type { Person } from '../../src/store/people.ts'

const person = (id: string, kind: Person['kind']): Person => ({
  ...{ id, kind, name: id, language: null },
  address: `${id}@mail.test`,
})
const [anna, bo] = [person('anna', 'agent'), person('bo', 'agent')]
const [kim, pat] = [person('kim', 'contact'), person('pat', 'contact')]
const circle: Circle = {
  authorId: null,
  contact: kim,
  participants: [pat],
  agents: [anna, bo],
  assigneeId: null,
  answerByMail: true,
  toldBefore: new Set(['kim', 'pat']),
}
const comment = { kind: 'commented', commentId: 'c', byAgent: false } as const
const opened = { kind: 'opened', acknowledge: true } as const

/** What happens, by whom, and who gets which mail. */
const TABLE: [what: string, event: Event, around: Partial<Circle>, mails: string[]][] = [
  ['a customer writes', opened, { authorId: 'kim' }, ['kim case-received', 'anna case-opened', 'bo case-opened']],
  [
    'a mail without receipt opens a case',
    { ...opened, acknowledge: false },
    {},
    ['anna case-opened', 'bo case-opened'],
  ],
  [
    'a rule gives a new case to Bo: he is told once',
    opened,
    { authorId: 'kim', assigneeId: 'bo' },
    ['kim case-received', 'anna case-opened', 'bo case-opened'],
  ],
  [
    'a mail that opens a case waits',
    { ...opened, acknowledge: false, held: true },
    { authorId: 'kim' },
    ['anna mail-held', 'bo mail-held'],
  ],
  [
    'the contact answers',
    { ...comment, visibility: 'public' },
    { authorId: 'kim' },
    ['anna comment-added-agent', 'bo comment-added-agent', 'pat comment-added'],
  ],
  [
    'the contact answers in the case of Bo',
    { ...comment, visibility: 'public' },
    { authorId: 'kim', assigneeId: 'bo' },
    ['bo comment-added-agent', 'pat comment-added'],
  ],
  [
    'Anna answers',
    { ...comment, visibility: 'public', byAgent: true },
    { authorId: 'anna' },
    ['bo comment-added-agent', 'kim comment-added', 'pat comment-added'],
  ],
  [
    'Anna writes a note',
    { ...comment, visibility: 'internal', byAgent: true },
    { authorId: 'anna' },
    ['bo comment-added-agent'],
  ],
  [
    'a mail waits to be let in',
    { ...comment, visibility: 'internal', held: true },
    {},
    ['anna mail-held', 'bo mail-held'],
  ],
  [
    'a mail waits in the case of Bo',
    { ...comment, visibility: 'internal', held: true },
    { assigneeId: 'bo' },
    ['bo mail-held'],
  ],
  [
    'Anna proposes a solution',
    { kind: 'solved', commentId: 'c' },
    { authorId: 'anna' },
    ['bo comment-added-agent', 'kim solution-proposed', 'pat solution-proposed'],
  ],
  [
    'a customer says that it did not help',
    { kind: 'unsolved', by: 'Kim' },
    { authorId: 'kim' },
    ['anna case-reopened-agent', 'bo case-reopened-agent'],
  ],
  [
    'a customer says so in the case of Bo',
    { kind: 'unsolved', by: 'Kim' },
    { authorId: 'kim', assigneeId: 'bo' },
    ['bo case-reopened-agent'],
  ],
  ['Anna closes it', { kind: 'closed' }, { authorId: 'anna' }, ['kim case-closed', 'pat case-closed']],
  ['the command line closes it', { kind: 'closed' }, {}, ['kim case-closed', 'pat case-closed']],
  ['Anna opens it again', { kind: 'reopened' }, { authorId: 'anna' }, ['kim case-reopened', 'pat case-reopened']],
  [
    'it is closed, and only Pat ever heard of it',
    { kind: 'closed' },
    { toldBefore: new Set(['pat']) },
    ['pat case-closed'],
  ],
  ['it is closed, and nobody ever heard of it', { kind: 'closed' }, { toldBefore: new Set() }, []],
  [
    'Anna closes a case of her own',
    { kind: 'closed' },
    { authorId: 'anna', contact: anna, toldBefore: new Set(['anna']), participants: [] },
    [],
  ],
  [
    'Anna gives it to Bo',
    { kind: 'assigned', by: 'Anna' },
    { authorId: 'anna', assigneeId: 'bo' },
    ['bo case-assigned'],
  ],
  ['Anna takes it herself', { kind: 'assigned', by: 'Anna' }, { authorId: 'anna', assigneeId: 'anna' }, []],
  ['it is given to somebody who is no agent any more', { kind: 'assigned', by: 'Anna' }, { assigneeId: 'gone' }, []],
]

describe('who hears, when', () => {
  it.each(TABLE)('%s', (_what, event, around, mails) => {
    expect(whoHears(event, { ...circle, ...around }).map((it) => `${it.person.id} ${it.kind}`)).toEqual(mails)
  })

  it.each(TABLE)('%s: no customer who wants no mail', (_what, event, around) => {
    const told = whoHears(event, { ...circle, ...around, answerByMail: false })
    expect(told.filter((it) => it.person.kind === 'contact')).toEqual([])
  })
})
