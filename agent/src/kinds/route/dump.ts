import { brief } from '../brief.ts'
import type { FoundView } from '../descriptor.ts'
import type { RouteInput, RoutePath } from './schema.ts'
import type { RouteValue } from './value.ts'

type PathInput = NonNullable<RouteInput['paths']>[number]

/** Paths as people write them. */
export function pathsIn(paths: readonly RoutePath[]): PathInput[] {
  return paths.map(({ nextHop, interface: name, table, labels, weight, preference }) => ({
    ...brief({ nextHop, interface: name, table, labels: labels === undefined ? undefined : [...labels] }),
    ...brief({ weight, preference }, { weight: 1, preference: 0 }),
  }))
}

function whereTo({ action, paths }: RouteValue): Partial<RouteInput> {
  if (action === 'drop') return { drop: true }
  if (action === 'local') return { local: true }
  return action === 'forward' ? { paths: pathsIn(paths) } : { reject: action }
}

/** Routes of the agent, and those added by VPP's API or CLI. */
export function* dumpRoutes(vpp: FoundView): Iterable<RouteInput> {
  for (const { value } of vpp.of<RouteValue>('route')) {
    const { table, prefix } = value
    yield { kind: 'route', ...(table === 0 ? {} : { table }), prefix, ...whereTo(value) }
  }
}
