import type { Command } from 'commander'

/** `posthorn demo`: the main road on embedded servers, with nothing to configure. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('play the main road on embedded mail servers and SQLite, then stay up with a page to play with')
    .option('--once', 'end after the story')
    .option('--port <n>', 'of the page', '8025')
    .action(async (options: { once?: boolean; port: string }) => {
      // The embedded servers are development packages: loaded only here.
      const { runDemo } = await import('../demo/demo.ts')
      await runDemo({ once: options.once ?? false, port: Number(options.port) })
    })
}
