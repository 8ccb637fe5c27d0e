import { describe, expect, it } from 'vitest'
import { HEADER_LABELS, readHeaderLine } from '../../../src/message/markers/header-labels.ts'

const rows = Object.entries(HEADER_LABELS).flatMap(([language, labels]) =>
  Object.entries(labels).flatMap(([field, names]) => names.split('|').map((name) => ({ language, field, name }))),
)

describe('a line of a header block', () => {
  it('is read by its label in every language', () => {
    for (const { field, name } of rows) expect(readHeaderLine(`${name}: Kim`), name).toEqual({ field, value: 'Kim' })
  })

  it('may be bold, with the colon within the bold part or behind it', () => {
    const kim = { field: 'from', value: 'Kim <kim@acme.test>' }
    expect(readHeaderLine('*Fra:* Kim <kim@acme.test>')).toEqual(kim)
    expect(readHeaderLine('*Fra: *Kim <kim@acme.test>')).toEqual(kim)
    expect(readHeaderLine('**Fra:** Kim <kim@acme.test>')).toEqual(kim)
    expect(readHeaderLine('*Fra: Kim <kim@acme.test>*')).toEqual(kim)
  })

  it('may have a no-break space before the colon, a full-width colon, or nothing behind it', () => {
    expect(readHeaderLine('Objet\u00a0: Facture')).toEqual({ field: 'subject', value: 'Facture' })
    expect(readHeaderLine('主题：发票')).toEqual({ field: 'subject', value: '发票' })
    expect(readHeaderLine('SUBJECT:Invoice')).toEqual({ field: 'subject', value: 'Invoice' })
    expect(readHeaderLine('Emne:')).toEqual({ field: 'subject', value: '' })
  })

  it('is not a line of prose with a colon', () => {
    expect(readHeaderLine('It says: the printer is on fire')).toBeNull()
    expect(readHeaderLine('https://acme.test/')).toBeNull()
    expect(readHeaderLine(': nothing before it')).toBeNull()
    expect(readHeaderLine('')).toBeNull()
  })

  it('is refused in linear time however long it is', () => {
    const before = process.cpuUsage().user
    for (const long of ['*'.repeat(1_000_000), ' '.repeat(1_000_000), `${'a'.repeat(1_000_000)}:`]) {
      expect(readHeaderLine(long)).toBeNull()
    }
    expect(process.cpuUsage().user - before).toBeLessThan(2_000_000)
  })
})
