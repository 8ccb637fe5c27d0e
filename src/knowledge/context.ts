import type { NotifyContext } from '../notify/context.ts'
import type { Store } from '../store/open.ts'

/** What the verbs on areas and articles need besides their arguments. */
export interface KnowledgeContext extends NotifyContext {
  store: Store
}
