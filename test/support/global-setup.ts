import type { TestProject } from 'vitest/node'
import { INSTALL_COMMAND, startPostgres } from './postgres-server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of the PostgreSQL server's socket; '' where there is no server. */
    postgresSocket: string
  }
}

/** One PostgreSQL server for the run. Without one the tests on it are left out, or fail where REQUIRE_SERVERS is set. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { server, reasons } = await startPostgres()
  project.provide('postgresSocket', server?.socketFolder ?? '')
  if (!server) report(reasons)
  return async () => await server?.stop()
}

function report(reasons: string[]): void {
  const text = `PostgreSQL is missing; install it with: ${INSTALL_COMMAND}\n  ${reasons.join('\n  ')}`
  if (process.env.REQUIRE_SERVERS) throw new Error(text)
  process.stderr.write(`${text}\nThe tests on PostgreSQL are left out.\n`)
}
