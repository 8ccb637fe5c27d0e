import type { Command } from 'commander'
import { type LintOptions, lintCommand } from './mail-lint.ts'
import { makePreviews, previewSource } from './mail-preview.ts'
import { servePreviews, writePreviews } from './mail-preview-server.ts'

interface PreviewOptions {
  config?: string
  brand?: string
  port: string
  out?: string
}

/** `posthorn mail preview`: all mails as they look. `posthorn mail lint` (mail-lint.ts): what is wrong with own templates. */
export function registerMail(program: Command): void {
  const mail = program.command('mail').description('the mails that are sent: how they look, and templates of your own')
  mail
    .command('preview')
    .description('show all kinds of mail in all languages, with made-up data, on a local page')
    .option(
      '-c, --config <file>',
      'the configuration: its brand and templates (default: posthorn.yaml, if there is one)',
    )
    .option('--brand <name>', "a brand's name; the first one unless named")
    .option('--port <n>', 'of the page', '8026')
    .option('--out <dir>', 'write them there instead: <kind>/<language>.html, .txt, .headers.txt and index.html')
    .action(preview)
  mail
    .command('lint')
    .description('check a folder of templates of your own: holes, languages, links, size')
    .argument('[dir]', "the folder; the configuration's unless named")
    .option('-c, --config <file>', 'the configuration that names the folder (default: posthorn.yaml)')
    .option('--json', 'one JSON object a line')
    .action((folder: string | undefined, options: LintOptions) => lintCommand(folder, options))
}

async function preview(options: PreviewOptions): Promise<void> {
  const source = previewSource(options)
  const previews = makePreviews(source)
  for (const problem of previews.problems) process.stderr.write(`posthorn: ${problem}\n`)
  if (options.out !== undefined) {
    const count = writePreviews(previews, options.out)
    process.stdout.write(`${count} mails are in ${options.out}; open index.html there\n`)
    return
  }
  const { url } = await servePreviews(source, Number(options.port))
  process.stdout.write(`All mails are at ${url}; end with Ctrl-C\n`)
}
