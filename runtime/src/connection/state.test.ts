import { describe, expect, it } from 'vitest'
import { StateLog, mayFollow, type ConnectionState, type ConnectionStatus } from './state.ts'

const error = new Error('gone')
const STATES: Record<ConnectionStatus, ConnectionState> = {
  connecting: { status: 'connecting', attempt: 1 },
  connected: { status: 'connected', pid: 1, reason: 'first' },
  'not-responding': { status: 'not-responding', missedProbes: 3 },
  disconnected: { status: 'disconnected', error, retryIn: 100 },
  failed: { status: 'failed', error },
  closed: { status: 'closed' },
}

describe('mayFollow', () => {
  it.each<[ConnectionStatus, ConnectionStatus[]]>([
    ['connecting', ['connected', 'disconnected', 'failed', 'closed']],
    ['connected', ['not-responding', 'disconnected', 'failed', 'closed']],
    ['not-responding', ['not-responding', 'connected', 'disconnected', 'failed', 'closed']],
    ['disconnected', ['connecting', 'failed', 'closed']],
    ['failed', ['closed']],
    ['closed', []],
  ])('after %s comes only %j', (current, allowed) => {
    const found = (Object.keys(STATES) as ConnectionStatus[]).filter((next) => mayFollow(current, next))
    expect(found.toSorted()).toEqual(allowed.toSorted())
  })
})

describe('StateLog', () => {
  function started() {
    const told: string[] = []
    const log = new StateLog((state) => told.push(state.status))
    return { log, told }
  }

  async function all(states: AsyncIterable<ConnectionState>): Promise<string[]> {
    const found: string[] = []
    for await (const { status } of states) found.push(status)
    return found
  }

  it('tells the state at hand and those that follow, to each reader', async () => {
    const { log, told } = started()
    const first = all(log.read())
    log.enter(STATES.connected)
    const second = all(log.read())
    log.enter(STATES.disconnected)
    log.enter(STATES.closed)
    expect(await first).toEqual(['connecting', 'connected', 'disconnected', 'closed'])
    expect(await second).toEqual(['connected', 'disconnected', 'closed'])
    expect(await all(log.read())).toEqual(['closed'])
    expect(told).toEqual(['connected', 'disconnected', 'closed'])
  })

  it('passes over a state that cannot be', () => {
    const { log, told } = started()
    log.enter(STATES['not-responding'])
    log.enter(STATES.closed)
    log.enter(STATES.connected)
    expect(log.current.status).toBe('closed')
    expect(told).toEqual(['closed'])
  })

  it('keeps the last states for a reader that is slow, and drops the oldest', async () => {
    const { log } = started()
    const reader = log.read()
    log.enter(STATES.connected)
    for (let missedProbes = 1; missedProbes <= 1000; missedProbes++) {
      log.enter({ status: 'not-responding', missedProbes })
    }
    log.enter(STATES.closed)
    const found = await all(reader)
    expect(found).toHaveLength(64)
    expect(found.at(-1)).toBe('closed')
  })

  it('forgets a reader that has left', async () => {
    const { log } = started()
    log.enter(STATES.connected)
    for (let i = 0; i < 100; i++)
      for await (const state of log.read()) if (state.status === 'connected') break
    expect(log.readers).toBe(0)
    log.read()
    expect(log.readers).toBe(1)
    log.enter(STATES.closed)
    expect(log.readers).toBe(0)
  })

  it('answers several questions of one reader in order, and those left open when it leaves', async () => {
    const { log } = started()
    const reader = log.read()
    const answers = [reader.next(), reader.next(), reader.next()]
    log.enter(STATES.connected)
    await reader.return()
    expect(await Promise.all(answers)).toEqual([
      { done: false, value: STATES.connecting },
      { done: false, value: STATES.connected },
      { done: true, value: undefined },
    ])
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })
})
