import fc from 'fast-check'
import { VppApiError, VppError, type RpcConnection } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { KINDS } from '../kinds/built-in.ts'
import { parseItem, type Item, type ItemInput } from '../kinds/item.ts'
import { called, idOf } from '../model/item-ref.ts'
import { RefSet } from '../model/ref-map.ts'
import { Observed } from '../observed/observed.ts'
import { Comparison } from './difference.ts'
import { Graph, type Step } from './graph.ts'
import { Run, type Outcome } from './run.ts'
import { anyItems } from './testing/any-items.ts'
import { ItemsInMemory } from './testing/items-in-memory.ts'
import { WantedObjects } from './wanted.ts'

const NOWHERE = {} as RpcConnection

/**
 * A VPP that refuses whatever is out of order: what is there twice, what depends on nothing, what others depend on,
 * and what only one can have.
 */
class StrictVpp {
  readonly state = new ItemsInMemory(KINDS)
  readonly observed = new Observed(NOWHERE, 'test')
  readonly wanted = new WantedObjects(KINDS, this.state)
  readonly made: string[] = []
  /** Answers a request, later. */
  answer: (step: Step) => Promise<void> = () => Promise.resolve()
  mayGoOn = (): void => undefined
  readonly #there = new Map<string, { readonly kind: string; readonly value: unknown }>()
  /** What came with something else, and may be made as if it were not there. */
  readonly #brought = new Set<string>()
  #index = 0

  /** Brings it to these items, as far as that is possible. */
  async reach(items: readonly Item[]): Promise<Outcome[]> {
    this.state.declare(items)
    await this.wanted.takeAll()
    const difference = await this.compare()
    this.made.length = 0
    const graph = await Graph.of(difference, KINDS, this.wanted, this.observed)
    const perform = (step: Step): Promise<number | undefined> => this.#perform(step)
    return await new Run(KINDS, this.observed, graph, { mayGoOn: () => this.mayGoOn(), perform }).all()
  }

  compare() {
    const { state, observed, wanted } = this
    return new Comparison({ kinds: KINDS, state, observed, wanted, released: new RefSet() }).difference()
  }

  async #perform(step: Step): Promise<number | undefined> {
    const { change, phase } = step
    await this.answer(step)
    this.made.push(`${phase} ${idOf(change)}`)
    if (phase === 'remove') this.#remove(idOf(change))
    else this.#make(idOf(change), change.action, change.kind, change.desired?.value)
    return change.actual?.index ?? this.#index++
  }

  #make(id: string, action: string, kind: string, value: unknown): void {
    const descriptor = KINDS.object(kind)
    for (const base of descriptor.dependsOn(value)) {
      if (!this.#there.has(base)) throw new Error(`${action} ${id} before ${base}`)
    }
    for (const claim of descriptor.claims?.(value) ?? []) {
      for (const [other, has] of this.#there) {
        const claims = KINDS.object(has.kind).claims?.(has.value) ?? []
        if (other !== id && claims.includes(claim)) throw new Error(`${id} takes ${claim} from ${other}`)
      }
    }
    const isBrought = this.#brought.delete(id)
    if (this.#there.has(id) !== (action === 'update' || isBrought))
      throw new Error(`${action} ${id} is out of order`)
    this.#there.set(id, { kind, value })
    for (const part of descriptor.brings?.(value) ?? []) {
      this.#there.set(idOf(part), part)
      this.#brought.add(idOf(part))
    }
  }

  #remove(id: string): void {
    this.#brought.delete(id)
    if (!this.#there.delete(id)) throw new Error(`removes ${id}, which is not there`)
    for (const [other, { kind, value }] of this.#there) {
      if (KINDS.object(kind).dependsOn(value).includes(id)) throw new Error(`removes ${id} under ${other}`)
    }
  }
}

/**
 * Outcomes that are neither applied nor wait nor are in conflict nor impossible by themselves: what the strict VPP has
 * refused.
 */
function refused(outcomes: readonly Outcome[]): (string | undefined)[] {
  return outcomes
    .filter(({ result, error }) => result === 'failed' && error?.code !== 'UNSUPPORTED')
    .map(({ error }) => error?.message)
}

function parsed(...inputs: ItemInput[]): Item[] {
  return inputs.map((input) => parseItem(input))
}

function results(outcomes: readonly Outcome[]): Record<string, string> {
  return Object.fromEntries(outcomes.map(({ change, result }) => [idOf(change), result]))
}

const LAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] }
const BEHIND: ItemInput = { kind: 'route', prefix: '10.0.0.0/8', paths: [{ interface: 'lan' }] }
const DROP: ItemInput = { kind: 'route', prefix: '10.9.0.0/16', drop: true }
const GUARD: ItemInput = { kind: 'acl', name: 'guard', rules: [{ action: 'deny' }], ingress: ['lan'] }

describe('a run of changes', () => {
  it('leads from any state to any other, whatever answer comes first, and then nothing differs', async () => {
    await fc.assert(
      fc.asyncProperty(anyItems, anyItems, anyItems, fc.infiniteStream(fc.nat(4)), async (a, b, c, turns) => {
        const vpp = new StrictVpp()
        vpp.answer = async () => {
          for (let left = Number(turns.next().value); left > 0; left--) await Promise.resolve()
        }
        for (const items of [a, b, c]) {
          expect(refused(await vpp.reach(items))).toEqual([])
          // What another had to let go of first is taken in a second run.
          await vpp.reach(items)
          // What is left depends on something that is missing, or is in conflict.
          const { changes } = await vpp.compare()
          const graph = await Graph.of(
            { changes, refusals: [], limited: false, postponed: [] },
            KINDS,
            vpp.wanted,
            vpp.observed,
          )
          for (const { desired, action } of changes.values()) {
            const missing = desired === undefined ? undefined : graph.missingFor(desired)
            const impossible =
              desired !== undefined && KINDS.object(desired.kind).refuse?.(desired.value, vpp.observed)
            expect(
              missing ?? impossible,
              `${action} ${desired === undefined ? '' : called(desired)}`,
            ).toBeTypeOf('string')
          }
        }
      }),
      { numRuns: 300 },
    )
  }, 120_000)

  it('comes to the same when it stops anywhere and is worked out again', async () => {
    await fc.assert(
      fc.asyncProperty(anyItems, anyItems, fc.nat(60), async (a, b, limit) => {
        const vpp = new StrictVpp()
        await vpp.reach(a)
        let left = limit
        vpp.mayGoOn = () => {
          if (left-- <= 0) throw new Error('stopped')
        }
        await vpp.reach(b).catch(() => [])
        vpp.mayGoOn = () => undefined
        await vpp.reach(b)
        const straight = new StrictVpp()
        await straight.reach(b)
        const ids = (it: StrictVpp): string[] => Array.from(it.observed, idOf).sort()
        // Who holds what several claim depends on who was there before, and what waits for something stays meanwhile.
        const rest = await Promise.all([vpp.compare(), straight.compare()])
        if (rest.every((it) => it.refusals.length + it.changes.size === 0))
          expect(ids(vpp)).toEqual(ids(straight))
      }),
      { numRuns: 200 },
    )
  }, 120_000)

  it('sets an interface up last, and not at all while what protects it is refused', async () => {
    const vpp = new StrictVpp()
    await vpp.reach(parsed(LAN, GUARD, BEHIND))
    expect(vpp.made.indexOf('make interface-up lan')).toBeGreaterThan(
      vpp.made.indexOf('make acl-binding lan'),
    )
    const other = new StrictVpp()
    other.answer = ({ change }) =>
      change.kind === 'acl'
        ? Promise.reject(new VppApiError(-1, 'acl_add_replace', 0, {}))
        : Promise.resolve()
    const outcomes = results(await other.reach(parsed(LAN, GUARD)))
    expect(outcomes['interface-up lan']).toBe('waiting')
    expect(other.made).not.toContain('make interface-up lan')
  })

  it('takes an interface down first, and what depends on it with it', async () => {
    const vpp = new StrictVpp()
    await vpp.reach(parsed(LAN, GUARD, BEHIND))
    await vpp.reach(parsed({ ...LAN, instance: 7 } as ItemInput, GUARD, BEHIND))
    const at = (step: string): number => vpp.made.indexOf(step)
    expect(at('remove interface-up lan')).toBeLessThan(at('remove interface lan'))
    expect(at('remove route 0/10.0.0.0/8')).toBeLessThan(at('remove interface lan'))
    expect(at('make route 0/10.0.0.0/8')).toBeGreaterThan(at('make interface lan'))
  })

  it('keeps failures alone: others go on, and what depends on them waits', async () => {
    for (const error of [
      new VppApiError(-1, 'x', 0, {}),
      new VppError('VPP_REPLY_TIMEOUT', 'no reply'),
      new Error('odd'),
    ]) {
      const vpp = new StrictVpp()
      vpp.answer = ({ change }) => (change.kind === 'interface' ? Promise.reject(error) : Promise.resolve())
      const outcomes = await vpp.reach(parsed(LAN, BEHIND, DROP))
      expect(results(outcomes)).toMatchObject({
        'interface lan': 'failed',
        'address lan/192.0.2.1/24': 'waiting',
        'route 0/10.0.0.0/8': 'waiting',
        'route 0/10.9.0.0/16': 'applied',
      })
      expect(outcomes.find(({ change }) => change.kind === 'interface')?.unknown).toBe(true)
    }
  })

  it('stops, and begins no more, when the connection is lost', async () => {
    const vpp = new StrictVpp()
    vpp.answer = () => Promise.reject(new VppError('VPP_CONNECTION_LOST', 'lost'))
    await expect(vpp.reach(parsed(LAN, DROP))).rejects.toMatchObject({ code: 'VPP_CONNECTION_LOST' })
    expect(vpp.made).toEqual([])
  })

  it('does not make again what could not be taken away, nor takes away what it needs', async () => {
    const vpp = new StrictVpp()
    await vpp.reach(parsed(LAN, BEHIND))
    vpp.answer = ({ change, phase }) =>
      change.kind === 'route' && phase === 'remove'
        ? Promise.reject(new VppApiError(-1, 'ip_route_add_del', 0, {}))
        : Promise.resolve()
    const outcomes = results(await vpp.reach([]))
    expect(outcomes['route 0/10.0.0.0/8']).toBe('failed')
    expect(outcomes['interface lan']).toBe('waiting')
    expect(vpp.made).not.toContain('remove interface lan')
  })

  it('asks before every request whether it may go on', async () => {
    const vpp = new StrictVpp()
    let left = 100
    vpp.mayGoOn = () => {
      if (left-- <= 0) throw new Error('no longer')
    }
    const routes = Array.from({ length: 2000 }, (_, i): ItemInput => ({
      kind: 'route',
      prefix: `10.${i >> 8}.${i & 255}.0/24`,
      drop: true,
    }))
    await expect(vpp.reach(parsed(...routes))).rejects.toThrow('no longer')
    expect(vpp.made).toHaveLength(100)
  })

  it('lets go of what goes before it takes what would need that', async () => {
    const vpp = new StrictVpp()
    await vpp.reach(parsed(LAN, BEHIND))
    const vlan: ItemInput = { kind: 'interface', type: 'vlan', name: 'lan.7', parent: 'lan', vlan: 7 }
    const behind: ItemInput = { ...BEHIND, paths: [{ interface: 'lan.7' }] }
    const outcomes = await vpp.reach(parsed(vlan, behind))
    expect(results(outcomes)).toMatchObject({
      'interface lan': 'applied',
      'interface lan.7': 'waiting',
      'route 0/10.0.0.0/8': 'waiting',
    })
    expect(vpp.observed.find('interface lan')).toBeUndefined()
    expect(vpp.observed.find('route 0/10.0.0.0/8')).toBeUndefined()
  })

  it('names the members of a circle', async () => {
    const vpp = new StrictVpp()
    const vlan = (name: string, parent: string): ItemInput => ({
      kind: 'interface',
      type: 'vlan',
      name,
      parent,
      vlan: 5,
      enabled: false,
    })
    const outcomes = await vpp.reach(parsed(vlan('a', 'b'), vlan('b', 'a'), DROP))
    const circle = outcomes.find(({ error }) => error?.code === 'CYCLE')
    expect(circle?.error?.message).toMatch(/interface "[ab]", interface "[ab]"/)
    expect(results(outcomes)['route 0/10.9.0.0/16']).toBe('applied')
  })

  it('leaves alone what cannot be read, and what that needs', async () => {
    const vpp = new StrictVpp()
    await vpp.reach(parsed(LAN, BEHIND, GUARD))
    vpp.state.declare(parsed(BEHIND))
    vpp.state.freeze({ kind: 'interface', key: 'lan' })
    vpp.state.freeze({ kind: 'acl', key: 'guard' })
    await vpp.wanted.takeAll()
    const { changes } = await vpp.compare()
    expect([...changes.values()]).toEqual([])
  })
})
