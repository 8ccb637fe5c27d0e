import type { BrandConfig } from '../config/config.ts'
import type { NoticeAttachment } from '../model/notice.ts'

/** What a view takes from outside the notice. */
export interface ViewContext {
  brand: BrandConfig
  portalUrl: string | null
  /** IANA name: by which clock times are written. */
  timeZone: string
  /** Attachments that do not come along. */
  missing: NoticeAttachment[]
}

/** What a mail says besides what stands in every mail. */
export type OwnPart<View> = View extends unknown ? Omit<View, 'answerable' | 'brand' | 'settings' | 'timeZone'> : never
