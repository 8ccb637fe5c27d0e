import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SplitError, Splitter } from '../../../src/message/body/splitter.ts'

interface Seen {
  header: string
  body: string
  parent: Seen | null
}

/** The parts of a mail that is given in pieces of `size` bytes. */
function split(mail: Buffer, size = mail.length, limits = { headerBytes: 10_000, parts: 100 }): Seen[] {
  const parts: Seen[] = []
  const splitter = new Splitter<Seen>(
    {
      open: (header, parent) => {
        const text = header.toString('latin1')
        const node = { header: text, body: '', parent }
        parts.push(node)
        return { node, boundary: /boundary="?([^"\r\n]+)/i.exec(text)?.[1] ?? null }
      },
      body: (bytes) => {
        const last = parts.at(-1)
        if (last) last.body += bytes.toString('latin1')
      },
    },
    limits,
  )
  for (let at = 0; at < mail.length; at += size) splitter.write(mail.subarray(at, at + size))
  splitter.end()
  return parts
}

const bodies = (mail: string) => split(Buffer.from(mail)).map(({ body }) => body)
const HEAD = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n'

test('the line end before a boundary belongs to the boundary, others to the part', () => {
  expect(bodies(`${HEAD}before\r\n--b\r\n\r\none\r\n\r\n--b\n\ntwo\n--b--\r\nbehind`)).toEqual([
    'before',
    'one\r\n',
    'two',
  ])
})

test('a boundary may have white space behind it, and the last line no end', () => {
  expect(bodies(`${HEAD}--b \t\r\n\r\none\r\n--b--`)).toEqual(['', 'one'])
})

test('lines that only look like the boundary are text', () => {
  expect(bodies(`${HEAD}--b\r\n\r\n--\r\n--bc\r\n--b-\r\n-- b\r\n--b--`)).toEqual(['', '--\r\n--bc\r\n--b-\r\n-- b'])
})

test('an inner multipart that never ends ends with the boundary of the outer one', () => {
  const inner = 'Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\r\ntext\r\n'
  const parts = split(Buffer.from(`${HEAD}--b\r\n${inner}--b\r\n\r\nfile\r\n--b--\r\n`))
  expect(parts.map(({ body }) => body)).toEqual(['', '', 'text', 'file'])
  expect(parts[3]?.parent).toBe(parts[0])
})

test('two multiparts of one boundary are told apart', () => {
  const inner = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nin\r\n--b--\r\n'
  expect(bodies(`${HEAD}--b\r\n${inner}--b\r\n\r\nout\r\n--b--\r\n`)).toEqual(['', '', 'in', 'out'])
})

test('a closing boundary before the first part closes nothing', () => {
  expect(bodies(`${HEAD}--b--\r\n--b\r\n\r\none`)).toEqual(['--b--', 'one'])
})

test('a part that has headers only is a part', () => {
  const parts = split(Buffer.from(`${HEAD}--b\r\nContent-Type: image/png\r\n--b\r\n\r\ntwo\r\n--b--`))
  expect(parts.map(({ header }) => header)).toEqual([HEAD, 'Content-Type: image/png\r\n', '\r\n'])
})

test('a mail without an empty line is all header, an empty one a part without anything', () => {
  expect(split(Buffer.from('Subject: x'))).toEqual([{ header: 'Subject: x', body: '', parent: null }])
  expect(split(Buffer.alloc(0), 1)).toEqual([{ header: '', body: '', parent: null }])
})

test('more parts or a longer header than the limits are refused', () => {
  expect(() => split(Buffer.from(HEAD + '--b\r\n\r\n'.repeat(100)))).toThrow(SplitError)
  expect(() => split(Buffer.alloc(10_001, 'x'), 100)).toThrow(SplitError)
})

const folder = join(import.meta.dirname, '../../fixtures/mime')
test.each(readdirSync(folder).filter((name) => name.endsWith('.eml')))('%s is split the same in any pieces', (name) => {
  const mail = readFileSync(join(folder, name)).subarray(0, 20_000)
  const limits = { headerBytes: 1_000_000, parts: 1_000 }
  const whole = split(mail, mail.length, limits)
  for (const size of [1, 2, 3, 7, 64, 1_000]) expect(split(mail, size, limits)).toEqual(whole)
})
