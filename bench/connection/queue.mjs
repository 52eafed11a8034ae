/**
 * Queues calls to a server that reads nothing, and prints how much memory that takes. Runs in a separate process, so
 * that nothing else is in the figure: node queue.mjs SOCKET COUNT
 */
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { VppConnection } from '@vpp-ts/runtime'

const [path, count] = process.argv.slice(2)
const connection = await VppConnection.connect(path, { clientName: 'bench', timeout: Infinity })
const client = new MemclntClient(connection)
const before = process.memoryUsage.rss()
const start = process.hrtime.bigint()
const calls = Array.from({ length: Number(count) }, () => client.controlPing())
const seconds = Number(process.hrtime.bigint() - start) / 1e9
console.log(JSON.stringify({ operations: calls.length, seconds, bytes: process.memoryUsage.rss() - before }))
process.exit(0)
