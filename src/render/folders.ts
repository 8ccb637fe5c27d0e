import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LANGUAGES, type Language } from '../model/language.ts'
import { checkWords, type Words } from './words.ts'

/** A template as it was found. */
export interface Found {
  content: string
  /** How problems name it: the path below templates/, or the whole path of an administrator's own file. */
  file: string
  /** Whether it is the administrator's. */
  own: boolean
}

/** Finds a file in several folders: that of the last one that has it. Throws an Error where none has. */
export function findTemplate(folders: readonly string[], path: string): Found {
  const at = folders.findLastIndex((it) => existsSync(join(it, path)))
  const folder = folders[at]
  if (folder === undefined) throw new Error(`${path} is in none of the template folders (${folders.join(', ')})`)
  const own = at > 0
  return { content: readText(join(folder, path)), file: own ? join(folder, path) : path, own }
}

/** The content alone. */
export function readTemplate(folders: readonly string[], path: string): string {
  return findTemplate(folders, path).content
}

/** Throws an Error where one of the folders is none. */
export function assertFolders(folders: readonly string[]): void {
  for (const folder of folders)
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new Error(`${folder}: there is no such folder of templates`)
}

/** The strings of all languages; a later folder's take the place of single ones. Throws as checkWords does. */
export function loadWords(folders: readonly string[]): Record<Language, Words> {
  const read = (language: Language) => readWords(folders, language)
  return checkWords({ da: read('da'), nb: read('nb'), sv: read('sv'), en: read('en') })
}

/** The administrator's own files of strings, by language. */
export function ownWords(folders: readonly string[]): Partial<Record<Language, string>> {
  const found = LANGUAGES.flatMap((language) => {
    const own = folders.slice(1).findLast((folder) => existsSync(join(folder, wordsPath(language))))
    return own === undefined ? [] : [[language, join(own, wordsPath(language))]]
  })
  return Object.fromEntries(found)
}

export function wordsPath(language: Language): string {
  return `strings/${language}.json`
}

function readWords(folders: readonly string[], language: Language): unknown {
  const files = folders.map((folder) => join(folder, wordsPath(language))).filter((file) => existsSync(file))
  return Object.assign({}, ...files.map(readJson))
}

function readJson(file: string): object {
  const value: unknown = parseJson(file)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Error(`${file}: it must hold one JSON object of strings`)
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readText(file))
  } catch (error) {
    throw new Error(`${file}: this is no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

function readText(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
}
