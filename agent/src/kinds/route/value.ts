import type { RoutePath } from './schema.ts'

/** A route. */
export interface RouteValue {
  readonly table: number
  readonly prefix: string
  readonly paths: readonly RoutePath[]
  /** `forward` by `paths`; without any in all other cases. */
  readonly action: 'forward' | 'drop' | 'unreachable' | 'prohibit' | 'local'
  /** The interface of a path was deleted: VPP keeps the route, shows it unchanged, and drops its packets. */
  readonly dead?: boolean
  /** Of one that the agent has taken over: the source of routes that it is of. */
  readonly source?: number
}
