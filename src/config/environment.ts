import type { Path, Problem } from './problems.ts'

/** A value with its variables filled in, the places that hold one (their values are secrets), and what was missing. */
export interface FilledIn {
  value: unknown
  /** Paths as `pathText` writes them. */
  secretPaths: Set<string>
  problems: Problem[]
}

const VARIABLE = /\$(\$)?\{([^}\n]*)(\}?)/g
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Fills `${NAME}` in all texts of a value from the environment; `$${NAME}` stands for `${NAME}` itself. */
export function fillIn(value: unknown, env: NodeJS.ProcessEnv, pathText: (path: Path) => string): FilledIn {
  const secretPaths = new Set<string>()
  const problems: Problem[] = []
  const visit = (node: unknown, path: Path): unknown => {
    if (typeof node === 'string') return replace(node, path)
    if (Array.isArray(node)) return node.map((item, index) => visit(item, [...path, index]))
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, visit(item, [...path, key])]))
  }
  const replace = (text: string, path: Path): string =>
    text.replace(VARIABLE, (whole: string, escaped: string | undefined, name: string, end: string) => {
      if (escaped) return whole.slice(1)
      secretPaths.add(pathText(path))
      const found = NAME.test(name) && end ? env[name] : undefined
      if (!found) problems.push(missing(path, whole, NAME.test(name) && end ? name : null, found))
      return found ?? ''
    })
  return { value: visit(value, []), secretPaths, problems }
}

function missing(path: Path, whole: string, name: string | null, found: string | undefined): Problem {
  if (!name) {
    const allowed = `\${NAME} of letters, digits and _ (write $\${ for a \${ that is meant)`
    return { path, found: `'${whole}'`, allowed }
  }
  const state = found === undefined ? 'not set' : 'empty'
  return { path, found: `\${${name}}, which is ${state} in the environment`, allowed: `a value for ${name}` }
}
