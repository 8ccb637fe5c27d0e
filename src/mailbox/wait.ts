import type { ImapFlow } from 'imapflow'

/** An IDLE that the server ends sooner than this is not begun again within one wait. Milliseconds. */
const SHORTEST_IDLE = 1_000

/**
 * Idles until the server announces something, `milliseconds` have passed, `signal` is aborted or the connection is lost.
 * Leaves the IDLE to be ended by the next command (ImapFlow sends DONE before it).
 */
export async function waitForNews(client: ImapFlow, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || milliseconds <= 0) return
  await new Promise<void>((resolve) => {
    let over = false
    const end = () => {
      over = true
      clearTimeout(timer)
      client.off('exists', end)
      client.off('close', end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    client.on('exists', end)
    client.on('close', end)
    signal.addEventListener('abort', end)
    void keepIdling(client, () => over)
  })
}

/** Some servers end IDLE by themselves; ImapFlow does so too, to see whether a silent connection still lives. */
async function keepIdling(client: ImapFlow, over: () => boolean): Promise<void> {
  if (!client.capabilities.has('IDLE')) return
  for (;;) {
    const begun = Date.now()
    // A lost connection is seen by its 'close'; a refused IDLE leaves the poll.
    await client.idle().catch(() => false)
    if (over() || !client.usable || Date.now() - begun < SHORTEST_IDLE) return
  }
}
