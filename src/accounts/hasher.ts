import { hash, verify } from '@node-rs/argon2'
import { PosthornError } from '../core/errors.ts'

/** Passwords → what is kept of them. The work is done in threads of its own, a few at once. */
export interface Hasher {
  /** Argon2id as encoded text. Throws 'busy' (temporary) where too many wait already. */
  hash(password: string): Promise<string>
  /**
   * Whether a password is the one that was hashed. With null it works as long for nothing, so that time does not tell whether
   * there is a password at all. Throws as hash does.
   */
  verify(hashed: string | null, password: string): Promise<boolean>
}

export interface HasherOptions {
  /** KiB, passes and lanes (RFC 9106, 4). */
  memory: number
  passes: number
  /** At work at once; each takes `memory`. */
  atOnce: number
  /** That may wait besides. */
  waiting: number
}

/** 64 MiB and 3 passes: RFC 9106's second recommended option, with one lane since two of them run side by side. */
export const HASHER_DEFAULTS: HasherOptions = { memory: 65_536, passes: 3, atOnce: 2, waiting: 100 }

/** The form in which passwords are hashed and compared, whatever keyboard they were typed on (NIST SP 800-63B-4, 3.1.1.2). */
const normal = (password: string) => password.normalize('NFKC')

export function makeHasher(options: HasherOptions = HASHER_DEFAULTS): Hasher {
  const argon = {
    // Argon2id; the package's names are const enums, which Node.js does not take.
    algorithm: 2,
    memoryCost: options.memory,
    timeCost: options.passes,
    parallelism: 1,
  }
  const inTurn = makeTurns(options)
  const decoy = decoyOf(options)
  return {
    hash: async (password) => await inTurn(async () => await hash(normal(password), argon)),
    verify: async (hashed, password) => {
      const same = await inTurn(async () => await verify(hashed ?? decoy, normal(password)))
      return same && hashed !== null
    },
  }
}

/** What nobody's password hashes to, as it costs to find out: encoded as any hash is, with salt and hash all zeros. */
function decoyOf({ memory, passes }: HasherOptions): string {
  const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${zeros(16)}$${zeros(32)}`
}

type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** Lets a few work at once, and a few more wait: a flood of sign-ins must not take the machine's memory. */
function makeTurns({ atOnce, waiting }: HasherOptions): Turns {
  const queue: (() => void)[] = []
  let busy = 0
  return async (work) => {
    if (busy >= atOnce) {
      if (queue.length >= waiting)
        throw new PosthornError('busy', 'too many people sign in at once', { hint: 'Try again in a minute.' })
      await new Promise<void>((resolve) => queue.push(resolve))
    } else {
      busy += 1
    }
    try {
      return await work()
    } finally {
      const next = queue.shift()
      // Whoever is next takes over this place.
      if (next) next()
      else busy -= 1
    }
  }
}
