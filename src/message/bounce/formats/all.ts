import type { TextFormat } from './format.ts'
import { LOCALIZED_FORMATS } from './localized.ts'
import { PROVIDER_FORMATS } from './providers.ts'
import { UNIX_FORMATS } from './unix.ts'

/** Every wording, the most telling first; the first one that finds a recipient is taken. */
export const FORMATS: readonly TextFormat[] = [...UNIX_FORMATS, ...PROVIDER_FORMATS, ...LOCALIZED_FORMATS]
