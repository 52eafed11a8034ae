/**
 * Loaded into an agent before its own code (`node --import`): tells over the IPC channel how long its event loop was
 * held, and its memory, since it was last asked. Of the time that it was held, the kernel's accounts say how long the
 * thread ran (`busy`); the rest it waited for a processor that others had.
 */
import { readFileSync } from 'node:fs'
import { PerformanceObserver, monitorEventLoopDelay } from 'node:perf_hooks'

/** Milliseconds between looks at the event loop. */
const RESOLUTION = 5

const delays = monitorEventLoopDelay({ resolution: RESOLUTION })
delays.enable()

let busy = 0
let before = ran()
setInterval(() => {
  const now = ran()
  busy = Math.max(busy, now - before)
  before = now
}, RESOLUTION).unref()

let collected = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collected = Math.max(collected, duration)
}).observe({ entryTypes: ['gc'] })

/** Milliseconds that the main thread has run so far. */
function ran() {
  const text = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8')
  return Number(text.slice(0, text.indexOf(' '))) / 1e6
}

process.on('message', () => {
  const status = readFileSync('/proc/self/status', 'utf8')
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1024
  process.send({
    held: delays.max / 1e6,
    busy,
    collected,
    held999: delays.percentile(99.9) / 1e6,
    resident: field('VmRSS'),
    peak: field('VmHWM'),
    anonymous: field('RssAnon'),
    heap: process.memoryUsage().heapUsed,
    buffers: process.memoryUsage().arrayBuffers,
    cpu: process.cpuUsage(),
  })
  delays.reset()
  busy = 0
  collected = 0
})
process.channel?.unref()
