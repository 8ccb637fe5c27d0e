import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scanMail } from '../../src/scan/clamd.ts'
import { EICAR, startClamd, type TestClamd } from '../support/clamd.ts'

describe('the malware check', () => {
  let clamd: TestClamd
  let at: { host: string; port: number; timeoutSeconds: number }
  beforeEach(async () => {
    clamd = await startClamd({ limit: 3_000_000 })
    at = { host: clamd.host, port: clamd.port, timeoutSeconds: 1 }
  })
  afterEach(async () => {
    await clamd.close()
  })
  const scan = async (text: string | Buffer) => await scanMail(at, { bytes: Buffer.from(text as string) })

  it('finds nothing in a harmless mail, and sends it whole', async () => {
    const mail = Buffer.alloc(1_000_000, 'Hej\r\n')
    expect(await scan(mail)).toEqual({ kind: 'clean' })
    expect(clamd.seen[0]?.equals(mail)).toBe(true)
  })

  it('finds the test virus, and says its name', async () => {
    expect(await scan(`Hej\r\n${EICAR}`)).toEqual({ kind: 'infected', name: 'Eicar-Test-Signature' })
  })

  it('takes a mail from a file, and a socket file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-clamd-'))
    const local = await startClamd({ path: join(folder, 'clamd.ctl') })
    try {
      writeFileSync(join(folder, 'mail'), EICAR)
      const verdict = await scanMail(
        { socket: join(folder, 'clamd.ctl'), timeoutSeconds: 1 },
        { path: join(folder, 'mail') },
      )
      expect(verdict.kind).toBe('infected')
    } finally {
      await local.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('is unknown where the mail is over the size limit of clamd', async () => {
    const verdict = await scan(Buffer.alloc(20_000_000))
    expect(verdict).toMatchObject({ kind: 'unknown', why: expect.stringContaining('size limit exceeded') })
  })

  it('is unknown where clamd does not answer in time, is not there, or answers nonsense', async () => {
    clamd.behave('hang')
    expect(await scan('Hej')).toMatchObject({ kind: 'unknown', why: expect.stringContaining('within 1 seconds') })
    clamd.behave('garble')
    expect(await scan('Hej')).toMatchObject({ kind: 'unknown', why: expect.stringContaining('what?') })
    await clamd.close()
    expect(await scan('Hej')).toMatchObject({ kind: 'unknown', why: expect.stringContaining('ECONNREFUSED') })
    clamd = await startClamd()
  })
})
