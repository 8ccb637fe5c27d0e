/**
 * What each kind of mail may say: the data that fills the holes of its templates, and nothing beyond.
 * Whatever a view does not hold cannot get into a mail: customers' views know no agent's address.
 * `examples.ts` holds one of each; templates are checked against it at start-up.
 */
export type MailView =
  | ({ kind: 'case-received'; case: ReceivedCaseView } & Common)
  | ({ kind: 'case-opened' } & ForAgents)
  | ({ kind: 'comment-added' } & ForCustomers)
  | ({ kind: 'comment-added-agent' } & ForAgents)
  | ({ kind: 'solution-proposed' } & ForCustomers)
  | ({ kind: 'mail-too-large'; mail: TooLargeView } & Common)
  | ({ kind: 'command-receipt' } & ReceiptView)
  | ({ kind: 'mail-held' } & ForAgents)
  | ({ kind: 'case-closed' | 'case-reopened' } & AboutCase)
  | ({ kind: 'case-assigned' | 'case-reopened-agent'; by: string } & AboutAgentCase)
  | ({ kind: 'delivery-failed'; failure: FailureView } & AboutAgentCase)
  | AccountView
  | ({ kind: 'article-published'; article: ArticleView; text: string; start: string } & Common)
  | ({ kind: 'article-commented'; article: ArticleView; author: string; text: string; start: string } & Common)
  | ({ kind: 'agent-digest'; digest: AgentDigestView } & Common)
  | ({ kind: 'customer-digest'; digest: CustomerDigestView } & Common)
  | ({ kind: 'article-digest'; digest: ArticleDigestView } & Common)
  | ({ kind: 'mailbox-alarm'; alarm: AlarmView } & Common)

export type MailKind = MailView['kind']

/** In every mail. `answerable` puts the reply marker on the first line. */
interface Common {
  answerable: boolean
  brand: BrandView
  /** Where the reader chooses what to be told of: an https or a mailto link. null where there is nothing to choose. */
  settings: string | null
  /** IANA name: by which clock times in the mail are written. */
  timeZone: string
}

interface AboutCase extends Common {
  case: CaseView
  leave: string | null
}

interface AboutAgentCase extends Common {
  case: AgentCaseView
}

interface ForCustomers extends Common {
  case: CaseView
  comment: CommentView
  /** By which the reader says whether a solution helped: pages, or mails to be sent. null in mails about other things. */
  verdict: { yes: string; no: string } | null
  /** Where a participant leaves the case: an https or a mailto link. null for the contact. */
  leave: string | null
}

interface ForAgents extends Common {
  case: AgentCaseView
  comment: AgentCommentView
}

export interface BrandView {
  /** 'Acme Support'. */
  name: string
  signature: string
  supportContact: string
  /** '#1f5fd0'. */
  color: string
  logo: { url: string; width: number; height: number } | null
}

export interface CaseView {
  number: number
  title: string
  /** The title as it stands in subjects: no links, at most 120 characters. */
  subject: string
  status: string
  /** Where the case is read in the portal; null without one. */
  url: string | null
}

/** In a receipt, whose reader may never have written: none of the sender's words but the subject. */
export type ReceivedCaseView = Omit<CaseView, 'title'>

export interface AgentCaseView extends CaseView {
  contact: string
  /** The usual commands, at the end of every mail to an agent. */
  actions: ActionView[]
}

/** A command that can be given by one click: a mail with it is begun. */
export interface ActionView {
  /** A key of the strings `help.…`. */
  name: string
  /** The line as it is written. */
  line: string
  /** A mailto: link (RFC 6068); null where answers to the case have no address of their own. */
  url: string | null
}

interface ReceiptView extends Common {
  case: AgentCaseView
  /** null where something was refused, or where there is nothing to say. */
  done: { key: string; value: string }[] | null
  refused: { line: string; why: string }[] | null
  /** Whether the mail that was refused held words, which were kept from the customer. */
  keptWords: boolean
  help: { name: string; usage: string }[] | null
}

export interface CommentView {
  author: string
  text: string
  /** The first words, on one line, for the preview in the list of mails. */
  start: string
  /** Whether the text was longer than a mail may carry. */
  cut: boolean
  /** Attachments that were too large to come along; null where there are none. */
  missing: FileView[] | null
  /** Attachments that are sent to nobody; null where there are none. */
  withheld: FileView[] | null
}

export interface AgentCommentView extends CommentView {
  address: string
  internal: boolean
  /** Why it is held back; null where it is not, or not any more. */
  held: string | null
}

export interface FileView {
  filename: string
  /** Bytes. */
  size: number
}

export interface TooLargeView {
  /** '' where the mail had none. */
  subject: string
  /** Bytes. */
  size: number
  limit: number
}

export interface FailureView {
  to: string
  /** A key of the strings `kind.…`. */
  of: string
  why: string
  stopped: boolean
}

/** About an account. URLs are whole; times ISO 8601 UTC. */
export type AccountView = Common &
  (
    | { kind: 'welcome' | 'reset-password'; url: string; hours: number }
    | { kind: 'activate-account'; url: string; hours: number; inviter: string | null }
    | { kind: 'account-exists'; signInUrl: string; resetUrl: string }
    | { kind: 'sign-in-link'; url: string; minutes: number }
    | { kind: 'password-changed' | 'emergency-code-used'; securityUrl: string; at: string }
    | { kind: 'address-change'; url: string; hours: number; newAddress: string }
    | { kind: 'address-changed'; undoUrl: string; days: number; newAddress: string }
    | { kind: 'second-factor-on' | 'second-factor-off'; factor: string; securityUrl: string; at: string }
    | { kind: 'identity-move'; url: string; hours: number; provider: string; newAddress: string }
    | { kind: 'identity-changed'; change: string; provider: string; securityUrl: string; at: string }
    | { kind: 'new-sign-in'; device: string; place: string; securityUrl: string; at: string }
  )

export interface ArticleView {
  area: string
  title: string
  author: string | null
  at: string
  url: string | null
}

/** `at`: when the newest of the `comments` that are new was written. */
export type CommentedArticleView = Omit<ArticleView, 'author'> & { comments: number }

export interface DigestCaseView {
  number: number
  title: string
  status: string
  contact: string
  assignee: string | null
  since: string
  url: string | null
}

/** null where the section is empty: then it is left out. `more`: how many are not shown. */
export type SectionView<Item = DigestCaseView> = { of: number; more: number; items: Item[] } | null

export interface AgentDigestView {
  from: string
  until: string
  opened: SectionView
  waitingOnUs: SectionView
  waitingLongest: SectionView
  unassigned: SectionView
  solved: SectionView
  failed: SectionView<FailedMailView>
}

/** A mail that will not arrive, and the case that it was about. */
export interface FailedMailView {
  number: number | null
  to: string
  why: string
}

export interface CustomerDigestView {
  from: string
  until: string
  of: number
  more: number
  items: OwnCaseView[]
}

/** A case of the reader's. `since`: when it was opened. `comments`: how many are new. `was`: its status before; null where it has not changed. */
export type OwnCaseView = DigestCaseView & { comments: number; solved: boolean; was: string | null }

export interface ArticleDigestView {
  from: string
  until: string
  articles: SectionView<ArticleView>
  /** `comments`: how many are new in all. */
  commented: (NonNullable<SectionView<CommentedArticleView>> & { comments: number }) | null
}

export interface AlarmView {
  mailbox: string
  since: string
  error: string
  recoveredAt: string | null
}

export interface RenderedMail {
  subject: string
  text: string
  html: string
}
