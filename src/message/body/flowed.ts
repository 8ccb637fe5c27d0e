/**
 * Text in format=flowed (RFC 3676) with its paragraphs joined: a line that ends in a space goes on in the next one of
 * the same quote depth; space-stuffing is undone; `delSp` drops the space at the join. Quote depth stays as '>' signs.
 */
export function joinFlowed(text: string, delSp: boolean): string {
  const out: string[] = []
  let open: { depth: number; pieces: string[] } | null = null
  const close = () => {
    if (open) out.push(withDepth(open.depth, open.pieces.join('')))
    open = null
  }
  for (const line of text.split('\n')) {
    const { depth, content } = unquote(line)
    // '-- ' is a signature separator, not a line that flows (section 4.3).
    const flows = content.endsWith(' ') && content !== '-- '
    const current = open as { depth: number; pieces: string[] } | null
    if (current && (current.depth !== depth || content === '-- ')) close()
    const running = open as { depth: number; pieces: string[] } | null
    const piece = flows && delSp ? content.slice(0, -1) : content
    if (running) running.pieces.push(piece)
    else open = { depth, pieces: [piece] }
    if (!flows) close()
  }
  close()
  return out.join('\n')
}

function unquote(line: string): { depth: number; content: string } {
  let depth = 0
  while (line[depth] === '>') depth += 1
  const rest = line.slice(depth)
  return { depth, content: rest.startsWith(' ') ? rest.slice(1) : rest }
}

function withDepth(depth: number, text: string): string {
  return depth === 0 ? text : `${'>'.repeat(depth)} ${text}`
}
