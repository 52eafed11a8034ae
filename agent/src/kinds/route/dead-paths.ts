import { VlibClient } from '@vpp-ts/binapi-vlib'
import { canonicalAddress } from '../../model/ip.ts'
import { inTurns } from '../../model/turns.ts'
import { unlessRefused } from '../available.ts'
import type { Vpp } from '../descriptor.ts'
import type { RouteValue } from './object.ts'

/** A path whose interface was deleted, as `show fib paths` tells it: next hop, if it has one, and index of the interface. */
const DEAD = /oper-flags:(?:[\w-]+,)*drop,[^\n]*\n\s*(?:([\d.:a-f]+) )?if_index:(\d+)/g

/**
 * VPP keeps a path whose interface was deleted, shows it as before, and drops its packets for good, even when another
 * interface has the index: only its command line tells.
 * @returns keys of the routes of the last look that have such a path
 */
export async function findDead(vpp: Vpp): Promise<readonly string[]> {
  const answer = await unlessRefused(() => vpp.client(VlibClient).cliInband({ cmd: 'show fib paths' }))
  const dead = new Set<string>()
  for (const [, nextHop = '', swIfIndex] of answer?.reply.matchAll(DEAD) ?? []) {
    dead.add(`${swIfIndex} ${canonicalAddress(nextHop) ?? ''}`)
  }
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
