import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Intake, RawMail, Receipt } from '../../src/mailbox/intake.ts'

interface Place {
  mailbox: string
  uidValidity: string
  uid: number
  acknowledged: boolean
}

/** A receiver that keeps everything in memory: the contract of Intake in its smallest form, with events for tests to wait for. */
export class MemoryIntake implements Intake {
  readonly places: Place[] = []
  /** Each distinct mail once, in the order they were taken in. */
  readonly mails: string[] = []
  readonly batches: number[][] = []
  readonly tooLargeMails: { uid: number; size: number; header: string }[] = []
  readonly looks: number[] = []
  handedOn = 0
  /** Where tests step in: called for each batch before it is taken in. */
  before: (batch: RawMail[]) => Promise<void> | void = () => undefined
  outcome: (mail: RawMail, text: string) => Receipt['outcome'] = () => 'taken'
  private readonly identities = new Set<string>()
  private readonly waiting = new Set<() => void>()

  async known(mailbox: string, uidValidity: string): Promise<Set<number>> {
    return new Set(this.under(mailbox, uidValidity).map((place) => place.uid))
  }

  async receive(batch: RawMail[]): Promise<Receipt[]> {
    this.batches.push(batch.map((mail) => mail.uid))
    await this.before(batch)
    const receipts = batch.map((mail) => this.take(mail))
    this.changed()
    return receipts
  }

  async tooLarge(mailbox: string, uidValidity: string, uid: number, size: number, header: Uint8Array): Promise<void> {
    this.places.push({ mailbox, uidValidity, uid, acknowledged: false })
    this.tooLargeMails.push({ uid, size, header: Buffer.from(header).toString() })
    this.changed()
  }

  async toAcknowledge(mailbox: string, uidValidity: string): Promise<number[]> {
    const large = new Set(this.tooLargeMails.map((mail) => mail.uid))
    const due = this.under(mailbox, uidValidity).filter((place) => !place.acknowledged && !large.has(place.uid))
    return due.map((place) => place.uid)
  }

  async acknowledged(mailbox: string, uidValidity: string, uids: number[]): Promise<void> {
    for (const place of this.under(mailbox, uidValidity)) if (uids.includes(place.uid)) place.acknowledged = true
    this.changed()
  }

  async looked(_mailbox: string, _uidValidity: string, onServer: number): Promise<void> {
    this.looks.push(onServer)
    this.changed()
  }

  under(mailbox: string, uidValidity: string): Place[] {
    return this.places.filter((place) => place.mailbox === mailbox && place.uidValidity === uidValidity)
  }

  /** Resolves as soon as `condition` holds; looks at it after each thing that happens. */
  until(condition: () => boolean, milliseconds = 15_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!condition()) return
        clearTimeout(timer)
        this.waiting.delete(look)
        resolve()
      }
      const timer = setTimeout(() => {
        this.waiting.delete(look)
        reject(new Error(`not within ${milliseconds} ms: ${condition}; ${this.mails.length} mails taken`))
      }, milliseconds)
      this.waiting.add(look)
      look()
    })
  }

  private take(mail: RawMail): Receipt {
    const bytes = 'path' in mail.source ? readFileSync(mail.source.path) : Buffer.from(mail.source.bytes)
    const { mailbox, uidValidity, uid } = mail
    this.handedOn += 1
    const outcome = this.outcome(mail, bytes.toString('latin1'))
    if (outcome === 'retry') return { uid, outcome }
    if (this.under(mailbox, uidValidity).some((place) => place.uid === uid)) return { uid, outcome }
    this.places.push({ mailbox, uidValidity, uid, acknowledged: outcome === 'kept' })
    const identity = createHash('sha256').update(bytes).digest('hex')
    if (!this.identities.has(identity)) this.mails.push(bytes.toString('latin1'))
    this.identities.add(identity)
    return { uid, outcome }
  }

  private changed(): void {
    for (const look of [...this.waiting]) look()
  }
}
