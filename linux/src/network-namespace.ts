import { openSync } from 'node:fs'
import { fromNodeError } from './errors.ts'
import { Fd } from './fd.ts'
import { native } from './native.ts'

const CLONE_NEWNET = 0x40000000

/**
 * Calls `make` with this thread in the network namespace of a file such as `/var/run/netns/NAME` or `/proc/PID/ns/net`,
 * and takes the thread back. A socket stays in the namespace that it was made in. Takes CAP_SYS_ADMIN.
 */
export function inNetworkNamespace<T>(path: string, make: () => T): T {
  using other = openFile(path)
  using own = openFile('/proc/thread-self/ns/net')
  native().call('setns', path, other.number, CLONE_NEWNET)
  try {
    return make()
  } finally {
    native().call('setns', 'own network namespace', own.number, CLONE_NEWNET)
  }
}

function openFile(path: string): Fd {
  try {
    return Fd.adopt(openSync(path, 'r'))
  } catch (error) {
    throw fromNodeError(error, path)
  }
}
