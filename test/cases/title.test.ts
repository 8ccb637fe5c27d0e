import { expect, it } from 'vitest'
import { titleOf } from '../../src/cases/title.ts'

it.each([
  ['Printeren er død', 'Printeren er død'],
  ['SV: Re: [#12] Printeren', 'Printeren'],
  ['Fwd: VS: hello', 'hello'],
  ['Re: a: b', 'a: b'],
  ['  two\n lines ', 'two lines'],
  ['Reklamation: skærm', 'Reklamation: skærm'],
])('a title is the subject without what clients put before it: %j', (subject, title) => {
  expect(titleOf(subject, '')).toBe(title)
})

it('a mail without a subject takes its first line', () => {
  expect(titleOf('Re: ', '\n\nHej, den virker ikke\nmere')).toBe('Hej, den virker ikke')
  expect(titleOf('', '')).toBe('–')
})

it('a title is at most 250 characters and never half an emoji', () => {
  const title = titleOf(`${'x'.repeat(248)}😀😀`, '')
  expect(title.length).toBeLessThanOrEqual(250)
  expect(title.isWellFormed()).toBe(true)
})
