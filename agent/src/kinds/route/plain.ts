import { bitsOfIp4, isCanonicalIp4Prefix } from '../../model/ip.ts'
import type { RouteItem, RoutePath } from './schema.ts'

/** Paths of a route, as the schema allows. */
const MOST_PATHS = 255
/** Characters of the name of an interface, as the schema allows. */
const LONGEST_NAME = 63

/**
 * Reads a route of IPv4 with next hops behind interfaces, as nearly all of a full table are, as its schema would;
 * undefined for what the schema has to look at.
 */
export function plainRoute(value: object): RouteItem | undefined {
  let prefix: string | undefined
  let table: number | undefined = 0
  let paths: RoutePath[] | undefined
  for (const field of Object.keys(value)) {
    const given: unknown = Reflect.get(value, field)
    if (field === 'prefix')
      prefix = typeof given === 'string' && isCanonicalIp4Prefix(given) ? given : undefined
    else if (field === 'table') table = wholeOf(given, 0, 0, 0xffff_fffe)
    else if (field === 'paths') paths = Array.isArray(given) ? pathsOf(given) : undefined
    else if (field !== 'kind') return undefined
  }
  if (prefix === undefined || table === undefined || paths === undefined) return undefined
  return { kind: 'route', table, prefix, paths, drop: false }
}

function pathsOf(given: readonly unknown[]): RoutePath[] | undefined {
  if (given.length === 0 || given.length > MOST_PATHS) return undefined
  const paths: RoutePath[] = []
  for (const one of given) {
    const path = typeof one === 'object' && one !== null ? pathOf(one) : undefined
    if (path === undefined) return undefined
    paths.push(path)
  }
  return paths
}

function pathOf(given: object): RoutePath | undefined {
  let nextHop: unknown
  let name: unknown
  let weight: number | undefined = 1
  let preference: number | undefined = 0
  for (const field of Object.keys(given)) {
    const value: unknown = Reflect.get(given, field)
    if (field === 'nextHop') nextHop = value
    else if (field === 'interface') name = value
    else if (field === 'weight') weight = wholeOf(value, 1, 1, 255)
    else if (field === 'preference') preference = wholeOf(value, 0, 0, 255)
    else return undefined
  }
  if (weight === undefined || preference === undefined) return undefined
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME) return undefined
  // All zeros stand for no next hop.
  if (typeof nextHop !== 'string' || (bitsOfIp4(nextHop) ?? 0) === 0) return undefined
  return { nextHop, interface: name, weight, preference }
}

function wholeOf(value: unknown, otherwise: number, least: number, most: number): number | undefined {
  if (value === undefined) return otherwise
  const isWhole = typeof value === 'number' && Number.isInteger(value) && !Object.is(value, -0)
  return isWhole && value >= least && value <= most ? value : undefined
}
