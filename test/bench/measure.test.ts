import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

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

it('the benchmarks run', () => {
  const run = ['bench/run.mjs', '--no-build', '--rounds', '1', '--milliseconds', '5', '--filter']
  const text = execFileSync(process.execPath, [...run, '^codec/control_ping'], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(text).toContain('codec/control_ping/decode')
  expect(text).toMatch(/targets met/)
})
