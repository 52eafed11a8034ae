import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Simulator } from '@vpp-ts/simulator'
import { expect, it } from 'vitest'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

interface Harness {
  pairwise(ours: number[], theirs: number[]): { reached: number; least: number; most: number }
  measureCase(it: object, options: object): Promise<{ targets: unknown }>
}
// The harness is plain JavaScript, without declarations.
const { measureCase, pairwise } = (await import(join(root, 'bench/harness/measure.mjs'))) as Harness

it('compares what was measured in the same round, so that a slow moment of the machine hits both', () => {
  // The machine was slow in the second round; the peer takes twice as long in each.
  expect(pairwise([1, 50, 1, 1], [2, 100, 2, 2])).toEqual({ reached: 2, least: 2, most: 2 })
  expect(pairwise([1, 1, 1, 1, 1], [1, 5, 2, 3, 4])).toEqual({ reached: 3, least: 2, most: 4 })
})

it('measures all subjects in turn, and begins each round with another', async () => {
  const order: string[] = []
  const subject = (name: string, seconds: number) => ({
    name,
    measure: () => {
      order.push(name)
      return { operations: 1, seconds }
    },
  })
  const subjects = [subject('ours', 1), subject('peer', 3)]
  const targets = [{ subject: 'ours', against: 'peer', ratio: 2 }]
  const options = { rounds: 3, milliseconds: 1 }
  const result = await measureCase({ name: 'x', shows: 'duration', subjects, targets }, options)
  expect(order.join(' ')).toBe('ours peer peer ours ours peer')
  expect(result.targets).toEqual([
    { subject: 'ours', against: 'peer', ratio: 2, reached: 3, worst: 3, best: 3, met: true },
  ])
})

const RUN = ['bench/run.mjs', '--no-build', '--rounds', '1', '--milliseconds', '5', '--filter']

it('the benchmarks of the codec run', async () => {
  const { stdout } = await execute(process.execPath, [...RUN, '^codec/control_ping'], { cwd: root })
  expect(stdout).toContain('codec/control_ping/decode')
  expect(stdout).toMatch(/targets met/)
})

it('the benchmarks of the connection run, with a simulated VPP', async () => {
  await using vpp = await Simulator.start()
  const env = { ...process.env, VPP_API_SOCKET: vpp.path, VPP_BENCH_INTERFACES: '20' }
  const filter = '^connection/vpp/(routes-1000|dump-interfaces)$'
  const { stdout } = await execute(process.execPath, [...RUN, filter], { cwd: root, env })
  expect(stdout).toContain('connection/vpp/routes-1000')
  expect(stdout).toContain('connection/vpp/dump-interfaces')
  // What was made for it has been taken away again.
  expect([...vpp.model.interfaces]).toHaveLength(1)
})
