import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { realWorld, type World } from '../../src/core/world.ts'
import { engines } from '../support/databases.ts'
import { type Flow, letter, poll, startFlow } from '../support/flow.ts'
import { mailServers } from '../support/mail-servers.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

const ADMIN = 'admin@acme.test'
const MINUTE = 60_000

/** Waits pass fifty times as fast, and the clock can be put forward. */
function hastyWorld(): World & { ahead: number } {
  const world = {
    ...realWorld,
    ahead: 0,
    now: () => Date.now() + world.ahead,
    sleep: async (ms: number, signal?: AbortSignal) => await realWorld.sleep(ms / 50, signal),
  }
  return world
}

describe.each(engines)('a mailbox that cannot be reached, on %s', (engine) => {
  describe.each(mailServers)('with $name', (kind) => {
    let flow: Flow
    let proxy: TcpProxy
    let world: ReturnType<typeof hastyWorld>
    beforeEach(async () => {
      world = hastyWorld()
      const through: typeof kind = {
        ...kind,
        start: async () => {
          const server = await kind.start()
          proxy = await startTcpProxy(server.port)
          return { ...server, imap: (user) => ({ ...server.imap(user), port: proxy.port }) }
        },
      }
      const over = (config: Flow['config']) => ({ ...config, administrator: ADMIN })
      flow = await startFlow({ engine, kind: through, over, world })
      await logged('mailbox connected')
    })
    afterEach(async () => {
      await flow.close()
      await proxy.close()
    })

    const logged = async (msg: string, times = 1) =>
      await poll(
        async () => (flow.log.lines.filter((line) => line.msg === msg).length >= times ? true : undefined),
        `the log line '${msg}'`,
      )
    const goAway = () => {
      proxy.refusing = true
      proxy.drop()
    }
    const failures = async (times: number) => await logged('mailbox support failed; trying again', times)
    const failed = () => flow.log.lines.filter((line) => line.msg === 'mailbox support failed; trying again').length
    const alarms = async () =>
      await flow.store.db.selectFrom('outbox').select('to_address').where('kind', '=', 'mailbox-alarm').execute()

    it('is told of after a quarter of an hour, once over a restart, and again when it is back', async () => {
      goAway()
      await failures(1)
      world.ahead += 15 * MINUTE
      const first = await flow.waitForMail(ADMIN)
      expect(first.message.text).toContain('support')
      await flow.restart()
      await failures(failed() + 1)
      world.ahead += 15 * MINUTE
      await failures(failed() + 2)
      expect(await alarms()).toHaveLength(1)
      proxy.refusing = false
      const second = await flow.waitForMail(ADMIN, (it) => it.messageId !== first.message.messageId)
      expect(second.message.automatic).not.toBeNull()
      expect(await alarms()).toHaveLength(2)
      await flow.deliver(letter({ text: 'Hej' }))
      await flow.waitForCase(1, () => true)
    })

    it('for a moment is told to nobody', async () => {
      goAway()
      await failures(2)
      world.ahead += 10 * MINUTE
      proxy.refusing = false
      await logged('mailbox is back')
      world.ahead += 10 * MINUTE
      goAway()
      await failures(failed() + 1)
      proxy.refusing = false
      await logged('mailbox is back', 2)
      expect(await alarms()).toEqual([])
    })
  })
})
