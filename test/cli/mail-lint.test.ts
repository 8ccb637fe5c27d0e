import { expect, test } from 'vitest'
import { jsonLines, posthorn } from '../support/program.ts'
import { ownTemplates } from '../support/templates.ts'

const front = 'subject: s\npreheader: p\nreason: r\n\n'

test('mail lint prints file, line, what and what to do, and ends with 1 where there are errors', async () => {
  const folder = ownTemplates({ 'mail/case-closed/en.md': `${front}{{case.nummber}}\n` })
  const { code, stdout, stderr } = await posthorn(['mail', 'lint', folder])
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^mail\/case-closed\/en\.md: warning: there is no own text in da, nb, sv, .*; write /),
    'mail/case-closed/en.md, 5: nothing fills {{case.nummber}} in this kind of mail; did you mean {{case.number}}?',
    '',
  ])
  expect([code, stderr]).toEqual([1, `posthorn: 1 error in ${folder}\n`])
})

test('mail lint --json prints one object a line, and warnings alone are no failure', async () => {
  const folder = ownTemplates({ 'mail/case-closed/en.md': `${front}Closed.\n` })
  const ended = await posthorn(['mail', 'lint', folder, '--json'])
  expect(ended.code).toBe(0)
  expect(jsonLines(ended)).toEqual([
    expect.objectContaining({ level: 'warning', file: 'mail/case-closed/en.md', line: null }),
  ])
})

test('mail lint without a folder asks for one', async () => {
  const { code, stderr } = await posthorn(['mail', 'lint', '--config', '/nowhere/posthorn.yaml'])
  expect([code, stderr]).toEqual([1, expect.stringContaining('name another file with --config')])
})
