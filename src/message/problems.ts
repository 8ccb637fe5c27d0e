import { LIMITS } from './limits.ts'

/** Collects the sentences for `problems`: each once, and no more than a reader would read. */
export interface Problems {
  add(sentence: string): void
  list(): string[]
}

export function collectProblems(): Problems {
  const seen = new Set<string>()
  return {
    add: (sentence) => {
      if (seen.size < LIMITS.problems) seen.add(excerpt(sentence, LIMITS.problem))
    },
    list: () => [...seen],
  }
}

/** A value as it may stand in a sentence: one line, short. */
export function excerpt(value: string, most = 60): string {
  const line = value.replace(/[\x00-\x1f\x7f]+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most)}…` : line
}
