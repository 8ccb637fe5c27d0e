import { TEMPLATES } from '../app.ts'
import { loadConfig } from '../config/load.ts'
import { PosthornError } from '../core/errors.ts'
import { lintFolder } from '../render/lint.ts'
import type { Finding } from '../render/lint-finding.ts'
import { DEFAULT_CONFIG, printJson } from './open.ts'

export interface LintOptions {
  config?: string
  json?: boolean
}

/** `posthorn mail lint [DIR]`: prints `file, line: what; what to do`. Exit status 1 where there are errors. */
export function lintCommand(folder: string | undefined, options: LintOptions): void {
  const looked = folder ?? configuredFolder(options.config ?? process.env.POSTHORN_CONFIG ?? DEFAULT_CONFIG)
  const findings = lintFolder(TEMPLATES, looked)
  if (options.json) printJson(findings)
  else for (const it of findings) process.stdout.write(`${line(it)}\n`)
  const errors = findings.filter((it) => it.level === 'error').length
  if (errors > 0)
    throw new PosthornError('templates', `${errors === 1 ? '1 error' : `${errors} errors`} in ${looked}`, {
      temporary: false,
    })
  if (!options.json)
    process.stdout.write(findings.length === 0 ? `${looked} is right\n` : `no errors, ${findings.length} warnings\n`)
}

function line({ level, file, line: at, what, todo }: Finding): string {
  return `${file}${at === null ? '' : `, ${at}`}: ${level === 'warning' ? 'warning: ' : ''}${what}; ${todo}`
}

function configuredFolder(path: string): string {
  const { templates } = loadConfig(path, process.env)
  if (templates !== null) return templates
  throw new PosthornError('no-templates', `${path} names no folder of own templates`, {
    temporary: false,
    hint: "Set 'templates', or name the folder: posthorn mail lint DIR.",
  })
}
