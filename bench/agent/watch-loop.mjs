/**
 * Loaded into an agent before its own code (`node --import`): tells over the IPC channel how long its event loop was
 * held, and its memory, since it was last asked.
 */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Milliseconds between looks at the event loop. */
const RESOLUTION = 5

const delays = monitorEventLoopDelay({ resolution: RESOLUTION })
delays.enable()
process.on('message', () => {
  const status = readFileSync('/proc/self/status', 'utf8')
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1024
  process.send({
    held: delays.max / 1e6,
    held999: delays.percentile(99.9) / 1e6,
    resident: field('VmRSS'),
    peak: field('VmHWM'),
    anonymous: field('RssAnon'),
    heap: process.memoryUsage().heapUsed,
    cpu: process.cpuUsage(),
  })
  delays.reset()
})
process.channel?.unref()
