import type { Attachment } from '../message.ts'

/** The buffers of the attachments in memory that may be transferred to another thread: those that nothing else shares. */
export function contentBuffers(attachments: readonly Attachment[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>()
  for (const { content } of attachments) {
    if (!content || !('bytes' in content)) continue
    const { buffer, byteLength } = content.bytes
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > 0) buffers.add(buffer)
  }
  return [...buffers]
}
