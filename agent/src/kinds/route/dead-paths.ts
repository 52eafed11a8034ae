import { VlibClient } from '@vpp-ts/binapi-vlib'
import { canonicalAddress } from '../../model/ip.ts'
import { inTurns } from '../../model/turns.ts'
import { unlessRefused } from '../available.ts'
import type { Vpp } from '../descriptor.ts'
import type { InterfaceValue } from '../interface/value.ts'
import type { RouteValue } from './value.ts'

/** A path whose interface was deleted: the next hop, if it has one, and an index. */
const DEAD = /oper-flags:(?:[\w-]+,)*drop,[^\n]*\n\s*(?:([\d.:a-f]+) )?if_index:(\d+)/g
/** The interfaces of a list of paths. */
const INTERFACES = /itfs:\[([\d, ]*)\]/
/** VPP's name of the interface of a path that is alive. */
const ALIVE = /^ +(?:[\d.:a-f]+ )?(\S+)(?: \(p2p\))?$/gm

/**
 * Reads `show fib path-lists`.
 * @param nameOf VPP's name of an interface
 * @returns dead paths by index of the interface and next hop
 */
function readDead(text: string, nameOf: (swIfIndex: number) => string | undefined): ReadonlySet<string> {
  const dead = new Set<string>()
  for (const list of text.split(/^path-list:/m)) {
    for (const [, nextHop, swIfIndex] of list.matchAll(DEAD)) {
      if (nextHop !== undefined) dead.add(`${swIfIndex} ${canonicalAddress(nextHop)}`)
      else {
        // Of a path without a next hop VPP prints something else than the index: it is one that no other path has.
        const alive = new Set(Array.from(list.matchAll(ALIVE), ([, name]) => name))
        const indexes = INTERFACES.exec(list)?.[1]?.match(/\d+/g) ?? []
        for (const index of indexes) if (!alive.has(nameOf(Number(index)))) dead.add(`${index} `)
      }
    }
  }
  return dead
}

/**
 * VPP keeps a path whose interface was deleted, shows it as before, and drops its packets for good, even when another
 * interface has the index: only its command line tells.
 * @returns keys of the routes of the last look that have such a path
 */
export async function findDead(vpp: Vpp): Promise<readonly string[]> {
  const answer = await unlessRefused(() => vpp.client(VlibClient).cliInband({ cmd: 'show fib path-lists' }))
  const nameOf = (swIfIndex: number): string | undefined => {
    const key = vpp.keyOf('interface', swIfIndex)
    return key === undefined ? undefined : vpp.get<InterfaceValue>('interface', key)?.value.seen?.vppName
  }
  const dead = readDead(answer?.reply ?? '', nameOf)
  const keys: string[] = []
  if (dead.size === 0) return keys
  const isDead = (
    { prefix }: RouteValue,
    { interface: name, nextHop }: RouteValue['paths'][number],
  ): boolean => {
    if (name === undefined) return false
    const index = vpp.get('interface', name)?.index
    if (nextHop !== undefined) return dead.has(`${index} ${nextHop}`)
    // A host route through an interface only has its own address as next hop.
    return dead.has(`${index} `) || dead.has(`${index} ${prefix.replace(/\/.*/, '')}`)
  }
  await inTurns(vpp.of<RouteValue>('route'), ({ key, value }) => {
    if (value.paths.some((path) => isDead(value, path))) keys.push(key)
  })
  return keys
}
