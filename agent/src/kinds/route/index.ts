import { canonicalPrefix, familyOf } from '../../model/ip.ts'
import { describe } from '../descriptor.ts'
import { table, tablesFor } from '../table/object.ts'
import { normalPaths, routeObject, type RouteValue } from './object.ts'
import { routeSchema, type RouteItem } from './schema.ts'

/** Routes. */
export const route = describe<RouteItem, 'route'>({
  kind: 'route',
  schema: routeSchema,
  keyOf: ({ table: id, prefix }) => `${id}/${prefix}`,
  collection: {
    path: 'routes',
    key: 'prefix; the table is a parameter',
    hasTable: true,
    expected: 'a prefix such as 192.0.2.0%2F24',
    keyOfPath(text, id) {
      const prefix = canonicalPrefix(text)
      return prefix === undefined ? undefined : `${id}/${prefix}`
    },
    fieldsOf(key) {
      const slash = key.indexOf('/')
      return { table: Number(key.slice(0, slash)), prefix: key.slice(slash + 1) }
    },
  },
  objects: [table, routeObject],
  *decompose({ table: id, prefix, paths, drop }, key) {
    yield* tablesFor(id, [familyOf(prefix)])
    const value: RouteValue = { table: id, prefix, paths: normalPaths(paths, prefix), drop }
    yield { kind: 'route', key, value }
  },
})
