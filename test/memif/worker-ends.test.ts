import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { build, run } from '../linux/child.ts'
import { nodes } from '../linux/engines.ts'

const program = fileURLToPath(new URL('worker-ends-program.mjs', import.meta.url))
/** So often each way of ending; `WORKER_ENDS=100` is what was measured for the release. */
const rounds = Number(process.env['WORKER_ENDS'] ?? 5)

beforeAll(() => build('memif'))

test.each(nodes())(
  'a thread that receives packets may end in any way, on $name',
  { timeout: 60_000 + rounds * 30_000 },
  async ({ path }) => {
    const { status, signal, stdout, stderr } = await run(path, [program, String(rounds)], {}, 0)
    expect({ status, signal }, stderr).toEqual({ status: 0, signal: null })
    const clean = { asExpected: rounds, leaked: 0 }
    expect(JSON.parse(stdout)).toEqual({
      terminate: clean,
      throw: clean,
      reject: clean,
      exit: clean,
      exitLater: clean,
      close: clean,
    })
  },
)
