import { automaticMailCharges } from '../decision/budgets.ts'
import type { Language } from '../model/language.ts'
import type { AccountNotice, Notice } from '../model/notice.ts'
import { notify, type Recipient } from '../notify/notify.ts'
import type { Db } from '../store/schema.ts'
import type { AccountContext } from './context.ts'
import { accountMailbox } from './people.ts'

type EnvelopeKey = Exclude<keyof Notice & keyof AccountNotice, 'kind'>
type Data<T> = T extends AccountNotice ? Omit<T, EnvelopeKey> : never
/** A mail about an account: its kind, with what it says. */
export type AccountMail = Data<AccountNotice>

/**
 * Puts a mail about an account into the outbox, in the caller's transaction. `asked`: because somebody typed the address into
 * a form, who may be anybody: then it is paid for out of the address's budget. News of an account are always written.
 */
export async function writeAccountMail(
  tx: Db,
  ctx: AccountContext,
  to: Recipient & { language: Language | null },
  mail: AccountMail,
  asked: boolean,
): Promise<void> {
  const mailbox = accountMailbox(ctx)
  const { kind, ...data } = mail
  await notify(tx, ctx, [
    {
      kind,
      to,
      language: to.language ?? mailbox.language,
      mailbox,
      case: null,
      commentId: null,
      data,
      charges: asked ? automaticMailCharges('account', to.address, ctx.policy.budgets) : [],
    },
  ])
}
