import type { Command } from 'commander'
import { casePolicy } from '../app.ts'
import { syncAgents } from '../cases/sync-agents.ts'
import { PosthornError } from '../core/errors.ts'
import { realWorld } from '../core/world.ts'
import { normaliseAddress } from '../model/address.ts'
import { type InviteOptions, sayInvited, sendInvitation } from './account-invitation.ts'
import { type Opened, withConfigOption, withStore } from './open.ts'

/** `posthorn agent add`: an account for an agent of the configuration. */
export function registerAgent(program: Command): void {
  const agent = program.command('agent').description('agents, who are named in posthorn.yaml')
  withConfigOption(agent.command('add').description('makes an account for an agent, and sends the mail to activate it'))
    .argument('<address>')
    .option('--inviter <name>', 'who the mail says has invited them; the brand unless given')
    .option('--json', 'the result as JSON')
    .action(async (address: string, options: InviteOptions & { config: string; json?: boolean }) => {
      await withStore(options.config, async (opened) => {
        await requireConfigured(opened, address)
        sayInvited(await sendInvitation(opened, address, { ...options, mayBeNew: false }), options)
      })
    })
}

/** Agents are made by the configuration alone, which is the one place that says who sees every case. */
async function requireConfigured({ config, store }: Opened, address: string): Promise<void> {
  const wanted = normaliseAddress(address)
  if (!config.agents.some(({ email }) => email === wanted))
    throw new PosthornError('no-such-agent', `${address} is no agent of the configuration`, {
      temporary: false,
      hint: `Write this under 'agents:' in posthorn.yaml, start Posthorn anew, and try again:\n  - name: Anna Holm\n    email: ${wanted}`,
    })
  // As a start would: they may have been written into the configuration a moment ago.
  await syncAgents({ store, world: realWorld, policy: casePolicy(config) }, config.agents)
}
