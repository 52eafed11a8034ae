import { brief, grouped } from '../brief.ts'
import type { FoundView } from '../descriptor.ts'
import type { AddressValue } from '../interface/address.ts'
import type { Nat44AddressValue, Nat44InterfaceAddressValue } from './address.ts'
import { rangesOf } from './addresses.ts'
import type { Nat44PluginValue } from './plugin.ts'
import { MOST_ADDRESSES, type Nat44Input, type Nat44Mode } from './schema.ts'
import { timeoutsIn } from './settings.ts'
import type { Nat44SideValue } from './side.ts'
import type { NatTableValue, SessionLimitValue } from './tables.ts'

type Pool = NonNullable<Nat44Input['pools']>[number]

function ofMode<V extends { readonly mode: Nat44Mode }>(vpp: FoundView, kind: string, mode: Nat44Mode): V[] {
  return Array.from(vpp.of<V>(kind), ({ value }) => value).filter((value) => value.mode === mode)
}

/** Pools: an interface adds its address to one automatically. */
function* poolsIn(vpp: FoundView, mode: Nat44Mode): Iterable<Pool> {
  const interfaces = ofMode<Nat44InterfaceAddressValue>(vpp, 'nat44-interface-address', mode)
  const names = new Set(interfaces.map((it) => it.interface))
  const brought = new Set<string>()
  for (const { value } of vpp.all<AddressValue>('address'))
    if (names.has(value.interface)) brought.add(value.address.replace(/\/\d+$/, ''))
  const own = ofMode<Nat44AddressValue>(vpp, 'nat44-address', mode).filter((it) => !brought.has(it.address))
  const alike = grouped(own, ({ table, twiceNat }) => JSON.stringify([table ?? null, twiceNat]))
  for (const [, group] of [...alike].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [{ table, twiceNat } = { table: undefined, twiceNat: false }] = group
    for (const { first, last } of rangesOf(
      group.map((it) => it.address),
      MOST_ADDRESSES,
    )) {
      const more = brief({ last, table, twiceNat }, { last: first, twiceNat: false })
      yield { first, ...more }
    }
  }
  for (const { interface: name, twiceNat } of interfaces)
    yield { interface: name, ...brief({ twiceNat }, { twiceNat: false }) }
}

function sidesIn(vpp: FoundView, mode: Nat44Mode): Pick<Nat44Input, 'inside' | 'outside' | 'output'> {
  const sides = ofMode<Nat44SideValue>(vpp, 'nat44-interface', mode)
  const namesOf = (side: 'inside' | 'outside' | 'output'): string[] =>
    sides
      .filter((it) => it[side])
      .map((it) => it.interface)
      .sort()
  return { inside: namesOf('inside'), outside: namesOf('outside'), output: namesOf('output') }
}

/** What tables have, of mode `ed`. VPP reports a limit for all of them. */
function tablesIn(
  vpp: FoundView,
  sessions: number | undefined,
): Pick<Nat44Input, 'sessionLimits' | 'tables'> {
  const limits = Array.from(vpp.of<SessionLimitValue>('nat44-session-limit'), ({ value }) => value)
  const tables = Array.from(vpp.of<NatTableValue>('nat44-table'), ({ value }) => value)
  return {
    sessionLimits: limits.filter((it) => it.sessions !== sessions),
    tables: tables.map(({ table, to }) => ({ table, to: [...to] })),
  }
}

const NOTHING = { inside: [], outside: [], output: [], pools: [], sessionLimits: [], tables: [] }

/** NAT44 of the modes that are on. */
export function* dumpNat44(vpp: FoundView): Iterable<Nat44Input> {
  for (const { value } of vpp.of<Nat44PluginValue>('nat44-plugin')) {
    const { mode, options, settings } = value
    const tables = mode === 'ed' ? tablesIn(vpp, options?.sessions) : {}
    const lists = { ...sidesIn(vpp, mode), pools: [...poolsIn(vpp, mode)], ...tables }
    const set = {
      forwarding: settings?.forwarding,
      timeouts: timeoutsIn(settings?.timeouts),
      mssClamping: settings?.mssClamping,
      portAllocation: settings?.portAllocation,
    }
    yield {
      kind: 'nat44',
      ...brief({ mode }, { mode: 'ed' }),
      ...brief(
        { ...options },
        { insideTable: 0, outsideTable: 0, staticOnly: false, connectionTracking: false },
      ),
      ...brief<Partial<Nat44Input>>(set, {
        forwarding: false,
        mssClamping: 0,
        portAllocation: { method: 'any' },
      }),
      ...brief<Partial<Nat44Input>>(lists, NOTHING),
    }
  }
}
