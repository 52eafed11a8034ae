import { readFileSync, readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What this process holds at one moment. */
export interface Resources {
  /** Open descriptors. */
  readonly fds: number
  /** Lines of /proc/self/maps. */
  readonly maps: number
  /** Mappings of memif regions among them. */
  readonly regions: number
  /** Bytes of address space. */
  readonly space: number
  /** Bytes of objects on the heap, and of the memory that buffers hold outside of it. */
  readonly heap: number
  readonly external: number
}

/** Counts what is held after everything that nothing reaches has been collected. */
export async function resources(): Promise<Resources> {
  // A buffer's mapping is released by a finalizer, which runs a turn after the collection.
  for (let round = 0; round < 4; round++) {
    collect()
    await new Promise(setImmediate)
  }
  return resourcesNow()
}

/** Counts without collecting first. */
export function resourcesNow(): Resources {
  const maps = readFileSync('/proc/self/maps', 'utf8').trimEnd().split('\n')
  const { heapUsed, external } = process.memoryUsage()
  return {
    fds: readdirSync('/proc/self/fd').length,
    maps: maps.length,
    regions: maps.filter((line) => line.includes('memfd:memif')).length,
    space: Number(/^VmSize:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024,
    heap: heapUsed,
    external,
  }
}
