import type { Command } from 'commander'
import { type CaseView, viewCase, viewCases } from '../cases/view.ts'
import { PosthornError } from '../core/errors.ts'
import { registerCasesEdit } from './cases-edit.ts'
import { printJson, printTable, withConfigOption, withStore } from './open.ts'

/** `posthorn cases list`, `posthorn cases show N`, and those of cases-edit.ts. */
export function registerCases(program: Command): void {
  const cases = program.command('cases').description('cases, as agents see them')
  withConfigOption(cases.command('list').description('the newest cases'))
    .option('--json', 'one JSON object a line')
    .option('--most <n>', 'how many', '100')
    .action(async (options: { config: string; json?: boolean; most: string }) => await list(options))
  withConfigOption(
    cases.command('show').description('one case with its comments, deliveries and change log').argument('<number>'),
  )
    .option('--json', 'one JSON object')
    .action(async (number: string, options: { config: string; json?: boolean }) => await show(number, options))
  registerCasesEdit(cases)
}

async function list(options: { config: string; json?: boolean; most: string }): Promise<void> {
  await withStore(options.config, async ({ store }) => {
    const cases = await viewCases(store.db, Number(options.most))
    if (options.json) return printJson(cases)
    printTable(
      cases.map((it) => ({
        number: it.number,
        status: it.status,
        contact: it.contact.address,
        title: it.title,
        updated: it.updatedAt,
      })),
    )
  })
}

async function show(given: string, options: { config: string; json?: boolean }): Promise<void> {
  const number = Number(given.replace(/^#/, ''))
  await withStore(options.config, async ({ store }) => {
    const it = Number.isSafeInteger(number) ? await viewCase(store.db, number) : null
    if (!it)
      throw new PosthornError('no-such-case', `there is no case '${given}'`, {
        temporary: false,
        hint: "'posthorn cases list' shows which there are.",
      })
    if (options.json) return printJson([it])
    process.stdout.write(describeCase(it))
  })
}

/** A case as text for a terminal. */
export function describeCase(it: CaseView): string {
  const head = [
    `#${it.number} ${it.title}`,
    `${it.status}, ${it.priority}, ${it.contact.name} <${it.contact.address}>${it.assignee ? `, assigned to ${it.assignee}` : ''}`,
    ...(it.tags.length > 0 ? [`tags: ${it.tags.join(', ')}`] : []),
    '',
    indent(it.description),
  ]
  const comments = it.comments.flatMap((comment) => [
    '',
    `${comment.at}  ${comment.author.name} (${comment.role}${comment.visibility === 'internal' ? ', internal' : ''})`,
    indent(comment.text),
    ...comment.attachments.map((file) => `  [${file.filename ?? file.contentType}, ${file.size} bytes]`),
    ...comment.delivery.map((to) => `  -> ${to.to}: ${to.status}${to.at ? ` ${to.at}` : ''}`),
  ])
  const log = it.log.map(
    (row) => `  ${row.at}  ${row.actor}: ${row.what}${row.from ? ` ${row.from}` : ''}${row.to ? ` -> ${row.to}` : ''}`,
  )
  return `${[...head, ...comments, '', 'Change log', ...log].join('\n')}\n`
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}
