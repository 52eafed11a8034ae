import { canonicalPrefix, familyOf, isCanonicalIp4Prefix } from '../../model/ip.ts'
import { describe } from '../descriptor.ts'
import { table, tablesFor } from '../table/object.ts'
import { dumpRoutes } from './dump.ts'
import { routeObject } from './object.ts'
import { normalPaths } from './path.ts'
import type { RouteValue } from './value.ts'
import { plainRoute } from './plain.ts'
import { routeSchema, type RouteItem } from './schema.ts'

function actionOf({ drop, reject, local }: RouteItem): RouteValue['action'] {
  if (drop) return 'drop'
  return reject ?? (local === true ? 'local' : 'forward')
}

/** Routes. */
export const route = describe<RouteItem, 'route'>({
  kind: 'route',
  schema: routeSchema,
  plain: plainRoute,
  alike: {
    nameOf(key) {
      const text = key.slice(key.indexOf('/') + 1)
      return isCanonicalIp4Prefix(text) ? text : undefined
    },
    sample: '203.0.113.254/32',
    named: (item, name) => ({ ...item, prefix: name }),
  },
  // Joined, the text is one piece in memory; a template keeps its parts beside it.
  keyOf: ({ table: id, prefix }) => [id, prefix].join('/'),
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
  dump: dumpRoutes,
  *decompose(item, key) {
    const { table: id, prefix, paths } = item
    const family = familyOf(prefix)
    yield* tablesFor(id, [family])
    for (const { table: other } of paths)
      if (other !== undefined && other !== id) yield* tablesFor(other, [family])
    const value: RouteValue = {
      table: id,
      prefix,
      paths: normalPaths(paths, prefix, id),
      action: actionOf(item),
    }
    yield { kind: 'route', key, value }
  },
})
