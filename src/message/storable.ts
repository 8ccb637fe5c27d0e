/**
 * A value without what no database and no JSON reader takes: NULs and lone halves of surrogate pairs, which broken charsets
 * and cuts leave behind. The same value where it has none, as nearly always; bytes are left alone.
 */
export function storable<T>(value: T): T {
  return mend(value) as T
}

function mend(value: unknown): unknown {
  if (typeof value === 'string') return mendText(value)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Array.isArray(value) ? mendList(value) : mendFields(value as Record<string, unknown>)
}

function mendText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole
}

function mendList(list: readonly unknown[]): readonly unknown[] {
  const mended = list.map(mend)
  return mended.some((one, i) => one !== list[i]) ? mended : list
}

function mendFields(fields: Record<string, unknown>): Record<string, unknown> {
  let mended = fields
  for (const name of Object.keys(fields)) {
    const value = mend(fields[name])
    if (value !== fields[name]) mended = { ...mended, [name]: value }
  }
  return mended
}
