import { inspectFiles } from '../../src/cli/inspect-files.ts'

const worker = new URL('./hanging-worker.ts', import.meta.url)
await inspectFiles(['first', 'hangs', 'last'], { json: true, mailSeconds: 0.5, worker })
