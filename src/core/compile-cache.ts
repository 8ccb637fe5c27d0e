import { enableCompileCache, getCompileCacheDir } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Keeps the compiled modules for the next call, which halves what a short command takes. In the program's own folder, where
 * nobody else can put code; where that cannot be written, everything is compiled each time as before.
 */
export function keepCompiledModules(): void {
  enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/posthorn', import.meta.url)))
}

/** The environment for a worker thread that uses the same modules: a thread does not inherit the setting. */
export function workerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir()
  return folder === undefined ? environment : { ...environment, NODE_COMPILE_CACHE: folder }
}
