// Follows a stats segment and writes an event a line; run by stats-namespaces.test.ts in a pid namespace of its own.
import { StatsClient } from '@vpp-ts/stats'

const client = await StatsClient.connect(process.argv[2], { connectTimeout: 60_000 })
const tell = (event, details) => console.log(JSON.stringify({ event, ...details }))
tell('connected', { pid: client.connection.pid, generation: client.connection.generation })
client.on('disconnected', (reason) => tell('disconnected', { reason }))
client.on('connected', ({ pid, generation }) => tell('connected', { pid, generation }))
process.stdin.on('end', () => void client.close()).resume()
