import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { MailParser } from 'mailparser'

// A program: reads the mails named on its command line with bare mailparser, every attachment to its end and hashed.
for (const file of process.argv.slice(2)) await readBare(readFileSync(file))

function readBare(source: Buffer): Promise<void> {
  const parser = new MailParser({
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    skipTextLinks: true,
  })
  return new Promise((resolve, reject) => {
    parser.on('data', (data) => {
      if (data.type !== 'attachment') return
      const hash = createHash('sha256')
      data.content.on('data', (chunk: Buffer) => hash.update(chunk))
      data.content.on('end', () => {
        hash.digest('hex')
        data.release()
      })
    })
    parser.on('error', reject)
    parser.on('end', () => resolve())
    parser.end(source)
  })
}
