import { Cron } from 'croner'

/** Whether a text is a schedule in cron's five fields that ever comes due: '0 7 31 2 *' never does. */
export function isSchedule(text: string): boolean {
  try {
    return new Cron(text, { timezone: 'UTC', mode: '5-part' }).nextRun(new Date(0)) !== null
  } catch {
    // The library's way of saying no.
    return false
  }
}
