import { type Logger, pino } from 'pino'

export type Log = Logger

/**
 * A logger that writes one JSON line an event to stderr (stdout belongs to what commands print).
 * Fields named like a secret are censored; callers mask addresses with `maskAddress` (model/address).
 */
export function makeLog(level: string = 'info', destination: NodeJS.WritableStream = process.stderr): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [
          'password',
          'pass',
          'secret',
          'token',
          'refreshToken',
          'accessToken',
          'clientSecret',
          'auth',
          '*.password',
          '*.pass',
          '*.secret',
          '*.token',
          '*.auth',
        ],
        censor: '[secret]',
      },
    },
    destination,
  )
}

/** A logger that says nothing, for commands whose output must stay clean and for tests that look elsewhere. */
export const quietLog: Log = pino({ level: 'silent' })
