/** What one mail may have before the rest is left out, each with a sentence in `problems`. The raw mail is kept whole elsewhere. */
export const LIMITS = {
  /** Bytes of one header block that are read. */
  headerBytes: 8 * 1024 * 1024,
  /** Header fields of one mail. */
  headerFields: 2_000,
  /** Characters of one header field's value. */
  headerValue: 64 * 1024,
  /** Characters of the subject. */
  subject: 2_000,
  /** Addresses out of one kind of header (To, Cc …). */
  addresses: 1_000,
  /** Characters of a display name and of an address. */
  name: 500,
  address: 320,
  /** Message-IDs out of References and In-Reply-To, and the characters of one. */
  ids: 200,
  id: 1_000,
  /** MIME parts that are read. */
  parts: 4_000,
  /** Attachments that are kept. */
  attachments: 1_000,
  /** Bytes of one text part, and of all text together. */
  textBytes: 8 * 1024 * 1024,
  /** Characters of a file name. */
  filename: 255,
  /** Characters of a meaningful part (report, nested mail). */
  partText: 256 * 1024,
  /** Bytes of a winmail.dat that is unpacked, which holds them in memory. */
  tnefBytes: 25 * 1024 * 1024,
  /** Problems named for one mail, and the characters of one. */
  problems: 50,
  problem: 300,
} as const
