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
 * Interfaces have gone: goes through the objects of a kind, drops what VPP removed with them, and marks what VPP keeps,
 * dead.
 * @returns the objects concerned, as they were; `undefined` for each other one, so that the caller can pause
 */
export function* loseInterfaces(
  observed: Observed,
  kinds: Kinds,
  names: ReadonlySet<string>,
  kind: string,
): Generator<Actual | undefined, void> {
  const { dependsOn, goesWithInterface, lost } = kinds.object(kind)
  if (names.size === 0 || (goesWithInterface !== true && lost === undefined)) return
  const ids = new Set(Array.from(names, interfaceId))
  for (const actual of observed.of(kind)) {
    if (dependsOn(actual.value).some((id) => ids.has(id))) {
      if (lost === undefined) observed.delete(kind, actual.key)
      else observed.set({ ...actual, value: lost(actual.value) })
      yield actual
    } else yield undefined
  }
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

/**
 * Asks VPP whether interfaces of these names were created since the last look. The agent's own have its tag.
 */
export async function hasNewcomer(observed: Observed, names: ReadonlySet<string>): Promise<boolean> {
  if (names.size === 0) return false
  const client = observed.client(InterfaceClient)
  const filters = names.size > ONE_BY_ONE ? [''] : [...names]
  const dumps = await Promise.all(
    filters.map((nameFilter) =>
      client.swInterfaceDump({ swIfIndex: ALL, nameFilterValid: nameFilter !== '', nameFilter }).toArray(),
    ),
  )
  const known = observed.interfaceNames()
  return dumps
    .flat()
    .some(
      (it) =>
        names.has(it.interfaceName) && !known.has(it.swIfIndex) && readInterfaceTag(it.tag) === undefined,
    )
}

function isSame({ key, value }: Actual<InterfaceValue>, now: SwInterfaceDetails | undefined): boolean {
  if (now === undefined) return false
  // One that was made in this process has not been seen, but has its tag.
  if (value.seen === undefined) return readInterfaceTag(now.tag)?.name === key
  return value.seen.vppName === now.interfaceName && value.seen.tag === now.tag
}
