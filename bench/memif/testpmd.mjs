import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Whether the machine has the DPDK program that is the other side of every case. */
export function haveTestpmd() {
  const there = spawnSync('dpdk-testpmd', ['--version'], { stdio: 'ignore' }).error === undefined
  if (!there) console.error('memif: dpdk-testpmd is not there (Debian: dpdk-dev); its cases are left out')
  return there
}

let started = 0

/**
 * Runs `measure` against its own testpmd, which listens on the socket that is passed and forwards so: `txonly` is a
 * source, `rxonly` a sink, `io` sends back what it gets. One for each measurement, since its forwarding core crashes
 * when a client leaves while it is moving packets.
 */
export async function withTestpmd({ folder, forward, bytes, queues }, measure) {
  const name = `${process.pid}-${started++}`
  const socket = join(folder, `${name}.sock`)
  // Into a pipe it would print line by line only when full.
  const child = spawn(
    'stdbuf',
    ['-oL', 'dpdk-testpmd', ...testpmdArgs({ name, socket, forward, bytes, queues })],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const exit = once(child, 'exit')
  try {
    await forwarding(child)
    return await measure(socket)
  } finally {
    child.kill('SIGKILL')
    await exit
  }
}

/** Some peers connect once, and that fails when the port is not started yet. */
async function forwarding({ stdout }) {
  for await (const line of createInterface({ input: stdout })) {
    if (line.includes('forwards packets on')) {
      stdout.resume()
      return
    }
  }
  throw new Error('testpmd does not start; run it by hand to see why')
}

/** Two lcores: the one that forwards spins on a separate processor. */
function testpmdArgs({ name, socket, forward, bytes, queues }) {
  const device = `net_memif0,role=server,id=0,socket=${socket},socket-abstract=no`
  return [
    ...['--lcores', '0@0,1@1', '--no-huge', '-m', '128', '--no-pci', '--no-shconf', '--no-telemetry'],
    ...[`--file-prefix=bench-${name}`, `--vdev=${device}`, '--'],
    ...['--no-mlockall', '--total-num-mbufs=8192', '--stats-period=60', '--auto-start', '--no-flush-rx'],
    ...[`--forward-mode=${forward}`, `--txpkts=${bytes}`, `--rxq=${queues}`, `--txq=${queues}`],
  ]
}
