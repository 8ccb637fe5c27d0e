import { keepCompiledModules } from '../src/core/compile-cache.ts'
import { benchDecide } from './decide.ts'
import { benchDigest } from './digest.ts'
import { benchInspect } from './inspect.ts'
import { benchIntake } from './intake.ts'
import { benchLatency } from './latency.ts'
import { type Figure, print } from './measure.ts'
import { benchMemory } from './memory.ts'
import { benchRender } from './render.ts'
import { benchReply } from './reply.ts'
import { benchSend } from './send.ts'
import { benchSignIn } from './sign-in.ts'

/** `npm run bench [-- NAME...]`: ratios from one run. Exit status 1 where one is over its bound. */
const BENCHES: Record<string, () => Promise<Figure[]>> = {
  decide: benchDecide,
  digest: benchDigest,
  inspect: benchInspect,
  intake: benchIntake,
  latency: benchLatency,
  memory: benchMemory,
  render: benchRender,
  reply: benchReply,
  send: benchSend,
  'sign-in': benchSignIn,
}

// As the program itself does.
keepCompiledModules()

const wanted = process.argv.slice(2)
let held = true
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const figure of await bench()) held = print(figure) && held
}
process.exit(held ? 0 : 1)
