import { type Judged, makeTask, type Task } from '../../accounts/effort.ts'
import type { FieldView } from '../../render/account-pages.ts'
import { field } from './fields.ts'
import type { AccountDeps } from './pages.ts'
import type { Visitor } from './visitor.ts'

/** What a form that asks for a mail has besides its own fields. */
export const EFFORT_FIELDS = {
  proof: { most: 2_000, optional: true },
  question: { most: 100, optional: true },
  answer: { most: 20, optional: true },
}

/** The part of a form by which somebody shows that they are no flood: work by a script, or else a small question. */
export async function effortPart(
  deps: Pick<AccountDeps, 'ctx' | 'base'>,
  visitor: Visitor,
): Promise<{ fields: FieldView[]; script: string; data: string }> {
  const task = await makeTask(deps.ctx)
  return {
    fields: [
      field({ name: 'proof', label: '', type: 'hidden' }),
      field({ name: 'question', label: '', type: 'hidden', value: task.question }),
      field({
        name: 'answer',
        label: questionOf(visitor, task),
        type: 'code',
        autocomplete: 'off',
        hint: visitor.t('effort.hint'),
      }),
    ],
    script: 'effort',
    data: JSON.stringify({ worker: `${deps.base}/assets/effort-worker.js`, challenge: JSON.parse(task.challenge) }),
  }
}

function questionOf({ t }: Visitor, { sum: [a, b] }: Task): string {
  return t('effort.question', { a: t(`number.${a}`), b: t(`number.${b}`) })
}

/** What to do where it was not made: the page has a new question by then. */
export function effortAlert({ t }: Visitor, judged: Judged): { tone: 'error'; text: string }[] {
  return judged.kind === 'made' ? [] : [{ tone: 'error', text: t(`effort.${judged.why}`) }]
}
