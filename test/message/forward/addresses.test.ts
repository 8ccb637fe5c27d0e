import { describe, expect, it } from 'vitest'
import { readAddresses } from '../../../src/message/forward/addresses.ts'

const kim = { name: 'Kim Larsen', address: 'kim@acme.test' }

describe('the mailboxes of a header block', () => {
  it.each([
    ['Kim Larsen <kim@acme.test>', [kim]],
    ['Kim Larsen [mailto:Kim@acme.test]', [kim]],
    ['Kim Larsen <mailto:kim@acme.test>', [kim]],
    ["'Kim Larsen' <kim@acme.test<mailto:kim@acme.test>>", [kim]],
    ['Kim Larsen<mailto:kim@acme.test> <kim@acme.test<mailto:kim@acme.test>> on behalf of desk@acme.test', [kim]],
    ['kim@acme.test (Kim Larsen)', [kim]],
    ['*Kim Larsen* <kim@acme.test>', [kim]],
    ['<kim@acme.test>', [{ name: null, address: 'kim@acme.test' }]],
    ['"kim@acme.test" <kim@acme.test>', [{ name: null, address: 'kim@acme.test' }]],
    ['"Larsen, Kim" <kim@acme.test>', [{ name: 'Larsen, Kim', address: 'kim@acme.test' }]],
    [
      'Larsen, Kim <kim@acme.test>, bo@acme.test',
      [
        { name: 'Larsen, Kim', address: 'kim@acme.test' },
        { name: null, address: 'bo@acme.test' },
      ],
    ],
    [
      'Kim Larsen; Bo Hansen',
      [
        { name: 'Kim Larsen', address: '' },
        { name: 'Bo Hansen', address: '' },
      ],
    ],
    ['Kim Larsen (IT) <kim@acme.test>', [{ name: 'Kim Larsen (IT)', address: 'kim@acme.test' }]],
    [
      'kim@acme.test; bo@acme.test;',
      [
        { name: null, address: 'kim@acme.test' },
        { name: null, address: 'bo@acme.test' },
      ],
    ],
    ['', []],
  ])('%s', (written, expected) => {
    expect(readAddresses(written)).toEqual(expected)
  })
})
