import { type Identity, identityOf } from './identity.ts'
import type { Message } from './message.ts'
import { parseMail } from './parse.ts'
import type { MailSource } from './source.ts'
import { understand } from './understand.ts'

/**
 * A mail read on this thread, without a guard of time or memory: for a person's command and for tests. Intake reads through
 * pool.ts. Attachments' contents are dropped; sizes and hashes stay.
 */
export async function readMail(source: MailSource): Promise<{ message: Message; identity: Identity['identity'] }> {
  const { identity } = await identityOf(source)
  return { message: understand(await parseMail(source, { content: 'drop' })), identity }
}
