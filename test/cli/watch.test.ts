import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Simulator } from '@vpp-ts/simulator'
import { build } from '../linux/child.ts'
import { lines, start, vppTs } from './command.ts'

let simulator: Simulator
beforeAll(async () => {
  build('cli')
  simulator = await Simulator.start()
})
afterAll(() => simulator.close())

/** Settles when the command has subscribed. */
const subscribed = (vpp: Simulator) => vpp.requests.next('want_interface_events')

describe('vpp-ts watch', () => {
  it('prints events one a line, and ends after so many', async () => {
    const wanted = subscribed(simulator)
    const watch = start(['-s', simulator.path, 'watch', 'sw_interface_event', '--count', '2', '-o', 'ndjson'])
    await wanted
    for (const swIfIndex of [3, 4]) simulator.sendEvent('sw_interface_event', { swIfIndex, flags: 1 })
    const { stdout, status } = await watch.ended
    expect(status).toBe(0)
    expect(lines(stdout).map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        sw_if_index: 3,
        flags: ['IF_STATUS_API_FLAG_ADMIN_UP'],
        '@time': expect.any(String) as string,
      }),
      expect.objectContaining({ sw_if_index: 4 }),
    ])
  })

  it('ends on SIGINT with what it had, and exit code 0', async () => {
    const wanted = subscribed(simulator)
    const watch = start(['-s', simulator.path, 'watch', 'sw_interface_event', '-o', 'json'])
    await wanted
    simulator.sendEvent('sw_interface_event', { swIfIndex: 5 })
    await watch.until('"sw_if_index": 5')
    watch.kill('SIGINT')
    const { stdout, status } = await watch.ended
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toHaveLength(1)
  })

  it('goes on when VPP has been restarted', async () => {
    await using other = await Simulator.start()
    let wanted = subscribed(other)
    const watch = start(['-s', other.path, 'watch', 'sw_interface_event', '--reconnect', '-c', '2'])
    await wanted
    other.sendEvent('sw_interface_event', { swIfIndex: 1 })
    await watch.until('sw_if_index=1')
    wanted = subscribed(other)
    await other.restart()
    await wanted
    other.sendEvent('sw_interface_event', { swIfIndex: 2 })
    const { stdout, status } = await watch.ended
    expect(status).toBe(0)
    expect(lines(stdout)[1]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z .*sw_if_index=2 /)
  })

  it('says that VPP has gone, when it is not to wait for it', async () => {
    await using other = await Simulator.start()
    const wanted = subscribed(other)
    const watch = start(['-s', other.path, 'watch', 'sw_interface_event'])
    await wanted
    await other.stop()
    expect(await watch.ended).toMatchObject({ status: 3, stderr: expect.stringContaining('VPP') as string })
  })

  it('refuses what is not an event', async () => {
    const { status, stderr } = await vppTs(['-s', simulator.path, 'watch', 'sw_interface_evnt'])
    expect(status).toBe(2)
    expect(stderr).toContain("did you mean 'sw_interface_event'")
  })
})
