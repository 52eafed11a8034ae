/**
 * Publishes a segment for the benchmarks until its standard input ends: SOCKET SHAPE, where the shape is a key of
 * PUBLISHED.
 */
import { StatsPublisher, VppCounters } from '@vpp-ts/simulator/stats'
import { PUBLISHED } from './shapes.mjs'

const [socket, name] = process.argv.slice(2)
const { workers, interfaces, nodes, errors } = PUBLISHED[name]
const publisher = new StatsPublisher(socket)
const vpp = new VppCounters(publisher.segment, { workers })

publisher.segment.change(() => {
  vpp.addHeap('main heap', { total: 2n ** 30n, used: 2n ** 27n })
  vpp.addHeap('stat segment', { total: 2n ** 25n, used: 2n ** 21n })
  vpp.addBufferPool('default-numa-0', { cached: 100n, used: 200n, available: 16_000n })
  for (let i = 0; i < interfaces; i++)
    vpp.addInterface(i === 0 ? 'local0' : `GigabitEthernet${i >> 4}/${i & 15}/0`)
  for (let i = 0; i < nodes; i++) vpp.addNode(`graph-node-number-${i}`)
  for (let i = 0; i < errors; i++)
    vpp.addError(`graph-node-number-${i >> 3}`, `reason ${i & 7} to drop a packet`)
})
let seed = 1n
const next = () => (seed = (seed * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffn)
for (let thread = 0; thread < vpp.threads; thread++) {
  for (let i = 0; i < interfaces; i++) {
    for (const counter of ['rx', 'tx', 'rx-unicast', 'tx-unicast'])
      vpp.counter(counter).set(thread, i, next(), next())
    for (const counter of ['drops', 'ip4', 'ip6']) vpp.counter(counter).set(thread, i, next())
  }
  for (let i = 0; i < nodes; i += 3) {
    for (const counter of ['calls', 'vectors', 'clocks', 'suspends'])
      vpp.nodeCounter(counter).set(thread, i, next())
  }
  for (let i = 0; i < errors; i += 40) vpp.errorCounter.set(thread, i, next())
}
vpp.beat(1)

console.log('ready')
process.stdin.resume()
process.stdin.on('end', () => publisher.close())
