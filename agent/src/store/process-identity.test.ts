import { describe, expect, it, vi } from 'vitest'

const os = vi.hoisted(() => ({ uptime: 1000 }))
vi.mock('node:os', async (original) => ({ ...(await original<object>()), uptime: () => os.uptime }))

const { hostClock } = await import('./process-identity.ts')

describe('the clock of the host', () => {
  it('goes on while the host is suspended, when Node has stood still', () => {
    const before = hostClock()
    expect(before).toBeGreaterThanOrEqual(1_000_000)
    const date = Date.now()
    const wall = vi.spyOn(Date, 'now').mockReturnValue(date + 60_000)
    os.uptime += 60
    expect(hostClock() - before).toBeGreaterThanOrEqual(60_000)
    wall.mockRestore()
  })

  it('does not follow the wall clock, and never goes back', () => {
    const before = hostClock()
    for (const jump of [3_600_000, -3_600_000]) {
      const date = Date.now()
      const wall = vi.spyOn(Date, 'now').mockReturnValue(date + jump)
      const now = hostClock()
      expect(now).toBeGreaterThanOrEqual(before)
      expect(now - before).toBeLessThan(60_000)
      wall.mockRestore()
    }
  })
})
