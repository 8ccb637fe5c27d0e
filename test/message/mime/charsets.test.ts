import { expect, test } from 'vitest'
import { parseFixture } from './fixture.ts'

const BLUEBERRIES = 'Blåbærgrød på æbler'

test.each([
  ['charset-big5', '您好，無法登入'],
  ['charset-euc-kr', '안녕하세요 로그인이 안 됩니다'],
  ['charset-gb2312-with-gb18030-letters', '您好，無法登錄，请帮忙 €'],
  ['charset-hz', '您好 abc'],
  ['charset-iso-2022-jp', 'こんにちは、ログインできません'],
  ['charset-iso-2022-kr', '안녕하세요'],
  ['charset-iso-8859-2', 'Dzień dobry, proszę o pomoc: żółć'],
  ['charset-koi8-r', 'Здравствуйте, помогите'],
  ['charset-shift-jis', 'こんにちは、ログインできません①'],
  ['charset-utf-7', BLUEBERRIES],
  ['charset-windows-1251', 'Здравствуйте, помогите'],
])('%s is read without a guess', async (name, text) => {
  const parsed = await parseFixture(name)
  expect(parsed.plain?.trim()).toBe(text)
  expect(parsed.problems).toEqual([])
})

test.each([
  ['latin1-labelled-utf8', 'Hej, jeg kan ikke logge på. Blåbærgrød og æbler.', "charset 'utf-8' read as windows-1252"],
  [
    'windows-1252-labelled-latin1',
    'Hej, jeg kan ikke logge på – får fejl på “æøå” hver gang. Blåbærgrød.',
    "charset 'iso-8859-1' read as windows-1252",
  ],
  ['utf8-labelled-latin1', BLUEBERRIES, "charset 'iso-8859-1' read as UTF-8"],
  ['utf8-labelled-ascii', BLUEBERRIES, "charset 'us-ascii' read as UTF-8"],
  [
    'utf8-with-one-latin1-byte',
    `${BLUEBERRIES}, ø og så videre`,
    '1 bytes are not valid UTF-8 and were read as windows-1252',
  ],
  ['unknown-charset', BLUEBERRIES, "charset 'x-unknown' read as windows-1252"],
  ['charset-unheard-of', BLUEBERRIES, "charset 'klingon-1' read as windows-1252"],
  [
    'no-charset-koi8',
    'Здравствуйте, я не могу войти в систему. Пожалуйста, помогите мне с паролем, спасибо.',
    'no charset named, read as koi8-r',
  ],
  ['nul-bytes-in-text', 'Hej med dig', 'NUL bytes in the text were left out'],
])('%s is guessed, and the guess is named', async (name, text, problem) => {
  const parsed = await parseFixture(name)
  expect(parsed.plain?.trim()).toBe(text)
  expect(parsed.problems).toEqual([problem])
})

test('HTML may name its charset within itself alone', async () => {
  expect((await parseFixture('html-charset-in-meta-only')).html).toContain('Привет')
})

test('flowed text is joined, its quotes and its signature line stay apart', async () => {
  expect((await parseFixture('flowed')).plain).toBe(
    'Dette er en lang linje i to stykker.\n>> citat som flyder\n> andet niveau\n-stuffed\n-- \nKim\n',
  )
})

test('delsp drops the space at which flowed text was broken', async () => {
  expect((await parseFixture('flowed-delsp')).plain).toBe('日本語\n')
})
