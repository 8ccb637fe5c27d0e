import type { Command } from 'commander'

/** `posthorn inspect FILE...`: what is read out of raw mails. Touches no database and needs no configuration. */
export function inspectCommand(program: Command): void {
  program
    .command('inspect')
    .description('what is read out of a mail: text, reply, attachments, and what was guessed')
    .argument('<file...>', 'raw mails')
    .option('--json', 'one JSON object a line')
    .action(async (files: string[], options: { json?: boolean }) => {
      // Loaded here, so that other commands start without the parser.
      const { inspectFiles } = await import('./inspect-files.ts')
      await inspectFiles(files, { json: options.json === true })
    })
}
