import { describe, expect, it } from 'vitest'
import type { Facts } from '../../src/decision/facts.ts'
import type { Answering } from '../../src/decision/verdict.ts'
import { solutionVerdict } from '../../src/decision/verdict.ts'
import { makeMessage } from '../support/messages.ts'

const answering: Answering = { caseId: 'case-7', number: 7, personId: 'kim', role: 'contact', state: 'open' }
const facts = (over: Partial<Facts> = {}): Parameters<typeof solutionVerdict>[1] => ({
  answering,
  sender: { personId: 'kim', kind: 'contact' },
  trust: { grade: 'plausible', evidence: 'nothing', forwarded: false },
  ...over,
})
const wordless = makeMessage({ reply: '' })
const words = makeMessage({ reply: 'Tak!' })
const file = { filename: 'a.png', contentType: 'image/png', size: 3, sha256: 'x' } as never

describe('a mail to the address that says that a solution helped', () => {
  it.each([
    ['without words accepts', wordless, facts(), { kind: 'accept', caseId: 'case-7', text: null }],
    ['without words accepts, whoever sends it', wordless, facts({ sender: null }), { kind: 'accept', personId: 'kim' }],
    [
      'without words accepts once more',
      wordless,
      facts({ answering: { ...answering, state: 'done' } }),
      { kind: 'accept' },
    ],
    ['with words of the holder accepts with them', words, facts(), { kind: 'accept', role: 'contact', text: 'Tak!' }],
    [
      'with words of somebody else goes its way',
      words,
      facts({ sender: { personId: 'pat', kind: 'contact' } }),
      undefined,
    ],
    [
      'with words whose sender failed the check goes its way',
      words,
      facts({ trust: { grade: 'failed', evidence: 'dmarc', forwarded: false } }),
      undefined,
    ],
    [
      'with a file of somebody else goes its way',
      makeMessage({ reply: '', attachments: [file] }),
      facts({ sender: null }),
      undefined,
    ],
    [
      'that comes too late without words is dropped',
      wordless,
      facts({ answering: { ...answering, state: 'over' } }),
      { kind: 'ignore' },
    ],
    [
      'that comes too late with words goes its way',
      words,
      facts({ answering: { ...answering, state: 'over' } }),
      undefined,
    ],
    [
      'by a machine goes its way',
      makeMessage({ reply: '', automatic: { kind: 'bulk', evidence: 'Precedence' } }),
      facts(),
      undefined,
    ],
    ['is none without a key', wordless, facts({ answering: null }), undefined],
  ])('%s', (_what, message, known, decision) => {
    const verdict = solutionVerdict(message, known)
    if (decision) expect(verdict.decision).toMatchObject(decision)
    else expect(verdict.decision).toBeUndefined()
  })
})
