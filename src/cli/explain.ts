import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { loadPolicy } from '../app.ts'
import { ownCheck } from '../authentication/own-check.ts'
import type { CasePolicy, MailboxPolicy } from '../cases/context.ts'
import { type Explanation, explain, mailboxOf } from '../cases/explain.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { readMail } from '../message/read-mail.ts'
import { scanMail } from '../scan/clamd.ts'
import { printJson, withConfigOption, withStore } from './open.ts'

/** `posthorn explain FILE...`: what would be done with each mail, and why. */
export function registerExplain(program: Command): void {
  withConfigOption(
    program
      .command('explain')
      .description('what would be done with a mail, without doing it, and why')
      .argument('<file...>', 'raw mails'),
  )
    .option('--mailbox <name>', 'the mailbox that they came in by; the one that each is addressed to unless given')
    .option('--json', 'one JSON object a line')
    .action(async (files: string[], options: { config: string; mailbox?: string; json?: boolean }) => {
      await withStore(options.config, async ({ config, store, log }) => {
        const ctx = { store, world: realWorld, policy: await loadPolicy(config, store) }
        for (const file of files) {
          const source = await readFile(file)
          const { message, identity } = await readMail(source)
          const mailbox = options.mailbox ? requireMailbox(ctx.policy, options.mailbox) : mailboxOf(ctx, message)
          const checked = await ownCheck(mailbox, { source, message }, { log })
          const scan = config.clamd ? await scanMail(config.clamd, { bytes: source }) : null
          const explanation = await explain(ctx, message, identity, { mailbox, ownCheck: checked, scan })
          if (options.json) printJson([toJson(file, explanation)])
          else process.stdout.write(describe(file, explanation))
        }
      })
    })
}

function requireMailbox({ mailboxes }: CasePolicy, name: string): MailboxPolicy {
  const found = mailboxes.find((mailbox) => mailbox.name === name)
  if (found) return found
  throw new PosthornError('no-such-mailbox', `there is no mailbox '${name}' in the configuration`, {
    temporary: false,
    hint: `There are: ${mailboxes.map((mailbox) => mailbox.name).join(', ')}.`,
  })
}

function toJson(file: string, { judgement, caseNumber }: Explanation) {
  return {
    file,
    decision: judgement.decision.kind,
    case: caseNumber,
    reason: judgement.reason,
    trust: judgement.trust,
    rules: judgement.rules,
  }
}

function describe(file: string, { judgement, caseNumber }: Explanation): string {
  const head = `${file}: ${judgement.decision.kind}${caseNumber ? ` #${caseNumber}` : ''} (${judgement.trust})\n  because ${judgement.reason}\n`
  return head + judgement.rules.map((it) => `  ${it.applied ? 'x' : ' '} ${it.rule}: ${it.because}\n`).join('')
}
