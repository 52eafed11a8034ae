import { stat } from 'node:fs/promises'
import type { Registry } from '../session/registry.ts'
import type { VppTarget } from '../transport/connect.ts'
import type { ConnectReason } from './state.ts'

/** What distinguishes one run of VPP from another. The pid alone does not: in containers it is often the same. */
export interface Boot {
  readonly pid: number
  readonly registry: Registry
  /** Identity of the run, from outside the API; undefined when there is none. */
  readonly id: string | undefined
}

/**
 * Identity of the run that listens at the target. VPP makes its socket file again at every start, so device, inode and
 * change time identify it; other targets say it themselves or not at all.
 */
export async function bootIdOf(target: VppTarget): Promise<string | undefined> {
  if (typeof target !== 'string') return target.bootId?.()
  try {
    const { dev, ino, ctimeNs } = await stat(target, { bigint: true })
    return `${dev}:${ino}:${ctimeNs}`
  } catch {
    // Removed meanwhile, or an abstract name: there is nothing to compare.
    return undefined
  }
}

/** Whether a connection reaches the run that the last one reached. When that is not certain it is another run. */
export function reasonOf(previous: Boot | undefined, current: Boot): ConnectReason {
  if (previous === undefined) return 'first'
  const same =
    previous.id !== undefined &&
    previous.id === current.id &&
    previous.pid === current.pid &&
    previous.registry.sameTable(current.registry)
  return same ? 'same-process' : 'restarted'
}
