import { expect, it } from 'vitest'
import { loadRelease } from '../release/folder.ts'
import { graphNodes } from '../release/graph.ts'
import { addLoopback } from './interface-kinds.ts'
import { Model } from './model.ts'

const IDENTITY = { version: '26.06.0-release', buildDate: '', buildDirectory: '', runtimeDir: '/run/vpp' }

function newModel(): Model {
  return new Model(IDENTITY, graphNodes(loadRelease('26.06').modules))
}

function vectors({ nodes }: Model, name: string): bigint {
  const node = nodes.byName(name)
  return node === undefined ? -1n : nodes.total(node.index).vectors
}

it('has two nodes for each interface, which wait for the next one when it is deleted', () => {
  const model = newModel()
  const first = addLoopback(model.interfaces)
  const { index } = model.nodes.byName('loop0-output') ?? { index: -1 }
  expect(model.nodes.byName('loop0-output')?.errors.map(({ name }) => name)).toContain('interface is down')

  model.interfaces.rename(first.swIfIndex, 'wan')
  expect(model.nodes.byName('wan-tx')).toBeDefined()
  expect(model.nodes.byName('loop0-output')).toBeUndefined()

  model.interfaces.delete(first.swIfIndex)
  expect(model.nodes.byName(`interface-${first.hwIfIndex}-output-deleted`)).toMatchObject({
    index,
    errors: [],
  })
  addLoopback(model.interfaces)
  expect(model.nodes.byName('loop0-output')).toMatchObject({ index, errors: [] })
})

it('counts in the nodes what the interfaces count, by thread', () => {
  const model = newModel()
  const { swIfIndex } = addLoopback(model.interfaces)
  model.counters.add(swIfIndex, 'rx', 300n, 30_000n, 1)
  model.counters.add(swIfIndex, 'ip4', 200n, 0n, 1)
  model.counters.add(swIfIndex, 'tx', 10n, 1000n)
  model.counters.add(swIfIndex, 'drops', 3n)
  const { index } = model.nodes.byName('ethernet-input') ?? { index: -1 }
  expect(model.nodes.countOf(index, 0).vectors).toBe(0n)
  expect(model.nodes.countOf(index, 1)).toMatchObject({ vectors: 300n, calls: 2n })
  expect(['ip4-input', 'loop0-output', 'loop0-tx', 'error-drop'].map((it) => vectors(model, it))).toEqual([
    200n,
    10n,
    10n,
    3n,
  ])

  // What interfaces forget, nodes remember, and the other way round.
  model.counters.clear()
  expect(vectors(model, 'ethernet-input')).toBe(300n)
  model.counters.add(swIfIndex, 'rx', 1n)
  model.nodes.clearRuntime()
  expect(vectors(model, 'ethernet-input')).toBe(0n)
  expect(model.counters.of(swIfIndex, 'rx').packets).toBe(1n)
})

it('counts errors of the release as traffic names them, and clears only what is shown', () => {
  const model = newModel()
  const { swIfIndex } = addLoopback(model.interfaces)
  model.traffic.add({
    swIfIndex,
    counter: 'drops',
    packetsPerSecond: 5,
    thread: 2,
    error: { node: 'ip4-input', name: 'time_expired' },
  })
  model.traffic.advance(2)
  const counter = model.nodes.byName('ip4-input')?.errors.find(({ name }) => name === 'time_expired')
  const column = counter?.column ?? -1
  expect(counter).toMatchObject({ severity: 'error' })
  expect(model.nodes.errorCount(column, 2)).toBe(10n)
  expect(model.nodes.threads()).toEqual([0, 2])
  model.nodes.clearErrors()
  model.traffic.advance(1)
  expect(model.nodes.shownErrors(column, 2)).toBe(5n)
  expect(model.nodes.errorCount(column, 2)).toBe(15n)
  model.nodes.countError('ip4-input', 'no such error')
  model.nodes.countError('no such node', 'time_expired')
  expect(model.nodes.errorCount(column, 0)).toBe(0n)
})
