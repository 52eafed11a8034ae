import { InterfaceClient, type SwInterfaceDetails } from '@vpp-ts/binapi-interface'
import { interfaceId, interfacesOf, type Actual } from '../kinds/descriptor.ts'
import type { InterfaceValue } from '../kinds/interface/value.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { readInterfaceTag } from '../kinds/mark.ts'
import type { Observed } from './observed.ts'

/** Interfaces that are asked for one by one; more cost less in one dump. */
const ONE_BY_ONE = 16
const ALL = 0xffff_ffff

/** Names of interfaces that had another index before, or are not there any more. */
export function interfaceChanges(before: Observed, now: Observed): string[] {
  return Array.from(interfacesOf(before))
    .filter(({ key, index }) => now.get('interface', key)?.index !== index)
    .map(({ key }) => key)
}

/**
 * An interface has gone: drops what VPP removed with it, and marks what VPP keeps, dead.
 * @param only a kind; left out: all
 * @returns the objects concerned
 */
export function loseInterface(observed: Observed, kinds: Kinds, name: string, only?: string): Actual[] {
  const id = interfaceId(name)
  const lost: Actual[] = []
  for (const [kind, { dependsOn, goesWithInterface, lost: dead }] of kinds.objects) {
    if ((only !== undefined && kind !== only) || (goesWithInterface !== true && dead === undefined)) continue
    for (const actual of observed.of(kind)) {
      if (!dependsOn(actual.value).includes(id)) continue
      lost.push(actual)
      if (dead === undefined) observed.delete(kind, actual.key)
      else observed.set({ ...actual, value: dead(actual.value) })
    }
  }
  return lost
}

/** Asks VPP for interfaces by index: few one by one, many in one dump. What is not there is left out. */
export async function dumpInterfaces(
  client: InterfaceClient,
  indexes: readonly number[],
): Promise<ReadonlyMap<number, SwInterfaceDetails>> {
  const asked = indexes.length > ONE_BY_ONE ? [ALL] : indexes
  const dumps = await Promise.all(asked.map((swIfIndex) => client.swInterfaceDump({ swIfIndex }).toArray()))
  return new Map(dumps.flat().map((it) => [it.swIfIndex, it]))
}

/**
 * Asks VPP whether interfaces are still what they were.
 * @returns names of those that are not
 */
export async function confirmInterfaces(observed: Observed, names: ReadonlySet<string>): Promise<string[]> {
  const known = Array.from(names, (name) => observed.get<InterfaceValue>('interface', name)).filter(
    (it) => it !== undefined,
  )
  if (known.length === 0) return []
  const indexes = known.map(({ index }) => index ?? ALL)
  const now = await dumpInterfaces(observed.client(InterfaceClient), indexes)
  return known.filter((it) => !isSame(it, now.get(it.index ?? ALL))).map(({ key }) => key)
}

function isSame({ key, value }: Actual<InterfaceValue>, now: SwInterfaceDetails | undefined): boolean {
  if (now === undefined) return false
  // One that was made in this process has not been seen, but has its tag.
  if (value.seen === undefined) return readInterfaceTag(now.tag)?.name === key
  return value.seen.vppName === now.interfaceName && value.seen.tag === now.tag
}
