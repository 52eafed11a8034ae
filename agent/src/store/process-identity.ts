import { readFileSync, readlinkSync } from 'node:fs'
import { uptime } from 'node:os'

/** A process of this host, distinguishable from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks from the boot of the host to the start of the process. */
  readonly started: string
  /** Pid namespace: a pid says nothing in another. */
  readonly namespace: string
  /** Boot of the host. */
  readonly boot: string
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    namespace: readlinkSync('/proc/self/ns/pid'),
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  }
}

/** True when the process has surely ended; one of another pid namespace is taken for alive. */
export function hasEnded(it: ProcessIdentity, self: ProcessIdentity): boolean {
  if (it.boot !== self.boot) return true
  return it.namespace === self.namespace && startOf(it.pid) !== it.started
}

/** Field 22 of `/proc/PID/stat`; the name in field 2 may hold blanks and parentheses. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended, though its entry stays until it is waited for.
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** Milliseconds for which the clock of the boot is not read again. */
const FRESH = 20

let readAt = -Infinity
let readDate = -Infinity
/** Time of the boot's clock beyond that of Node's. */
let ahead = -Infinity

/**
 * Milliseconds since the boot of the host, the time in which it was suspended included: one clock for all its
 * processes, which nobody sets. Node's own clocks stop while the host is suspended, and a leader would wake up with a
 * lease that it takes for good, so the wall clock shows when the boot clock must be read again.
 */
export function hostClock(): number {
  const now = performance.now()
  const date = Date.now()
  if (now - readAt > FRESH || Math.abs(date - readDate) > FRESH) {
    // It is told in hundredths of a second, cut off, so the greatest difference is the best known.
    ahead = Math.max(ahead, uptime() * 1000 - now)
    readAt = now
    readDate = date
  }
  return Math.floor(now + ahead)
}
