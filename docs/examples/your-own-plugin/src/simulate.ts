import { once } from 'node:events'
import { readDefinition } from '@vpp-ts/binapi-generator'
import { addLoopback, Simulator } from '@vpp-ts/simulator'
import { simulateLinkWatch } from './simulated.js'

const [path = '/tmp/link-watch.sock', milliseconds = '1000'] = process.argv.slice(2)

await using simulator = await Simulator.start({ path, plugins: [await readDefinition('api/link_watch.api')] })
simulateLinkWatch(simulator)

const { interfaces } = simulator.model
const { swIfIndex } = addLoopback(interfaces)
const timer = setInterval(() => {
  interfaces.setAdminUp(swIfIndex, !interfaces.get(swIfIndex).adminUp)
}, Number(milliseconds))

console.log(`a VPP with interface ${swIfIndex} on ${simulator.path}`)
await once(process, 'SIGINT')
clearInterval(timer)
