import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StatsPublisher, VppCounters } from '@vpp-ts/simulator/stats'

/** A folder for sockets that goes with the test. */
export class SocketFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'vpp-ts-stats-'))
  readonly socket = join(this.path, 'stats.sock');

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true })
  }
}

/** A published VPP with two interfaces, some nodes, errors, a heap and a pool: every number differs. */
export function publishSample(socket: string, workers = 2) {
  const publisher = new StatsPublisher(socket, { size: 8 * 2 ** 20 })
  const vpp = new VppCounters(publisher.segment, { workers, bootTime: 1_700_000_000 })
  vpp.addHeap('main heap', { total: 1000n, used: 300n })
  vpp.addHeap('stat segment', { total: 500n, used: 200n })
  vpp.addBufferPool('default-numa-0', { cached: 1n, used: 2n, available: 3n })
  for (const name of ['local0', 'GigabitEthernet0/8/0', 'loop0']) vpp.addInterface(name)
  vpp.addNode('ip4-lookup')
  vpp.addNode('unix-cli-process')
  vpp.addError('ip4-input', 'ip4 ttl <= 1')
  vpp.addError('arp-input', 'bad/odd reason')
  vpp.setRates({ vectorRates: [0n, 10n, 20n], loops: [100n, 200n, 300n], inputRate: 12_345n })
  vpp.beat(7.9)
  vpp.noteClear(3)
  return { publisher, vpp, segment: publisher.segment }
}
