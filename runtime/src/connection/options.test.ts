import { describe, expect, it } from 'vitest'
import type { VppTarget } from '../transport/connect.ts'
import { completeOptions, socketPathOf, type ConnectionOptionsInput } from './options.ts'

const complete = (input: ConnectionOptionsInput, where: VppTarget = '/run/vpp/api.sock') =>
  completeOptions(input, where)

const refused = (text: string) =>
  expect.objectContaining({
    code: 'VPP_INVALID_ARGUMENT',
    message: expect.stringContaining(text) as string,
  }) as Error

describe('completeOptions', () => {
  it('fills in defaults that are finite where a call could hang', () => {
    expect(complete({})).toMatchObject({
      clientName: 'vpp-ts',
      connectTimeout: 3000,
      timeout: 5000,
      whenDown: 'reject',
      maxOutstanding: 1024,
      health: { probeInterval: 1000, timeout: 250, threshold: 2, dropAfter: 0 },
      reconnect: undefined,
    })
  })

  it('takes groups in part, and undefined for what is not said', () => {
    const options = complete({
      health: { threshold: 5 },
      reconnect: { maximumAttempts: 3 },
      clientName: undefined,
      timeout: undefined,
    })
    expect(options.health).toEqual({ probeInterval: 1000, timeout: 250, threshold: 5, dropAfter: 0 })
    expect(options.reconnect).toMatchObject({ maximumAttempts: 3, initialDelay: 100, maximumDelay: 5000 })
    expect(options).toMatchObject({ clientName: 'vpp-ts', timeout: 5000 })
    expect(complete({ reconnect: true }).reconnect?.maximumAttempts).toBe(Infinity)
    expect(complete({ reconnect: false }).reconnect).toBeUndefined()
  })

  it('takes undefined within groups for what is not said', () => {
    const options = complete({
      health: { threshold: undefined, probeInterval: 5 } as never,
      reconnect: { jitter: undefined } as never,
    })
    expect(options.health).toEqual({ probeInterval: 5, timeout: 250, threshold: 2, dropAfter: 0 })
    expect(options.reconnect?.jitter).toBe(0.5)
  })

  it('drops a silent peer behind a stream, and a Unix socket only where that is asked for', () => {
    const stream = { name: 'tcp', open: () => Promise.reject(new Error('not opened')) }
    expect(complete({}, stream).health.dropAfter).toBe(10)
    expect(complete({ health: { dropAfter: 0 } }, stream).health.dropAfter).toBe(0)
    expect(complete({ health: { dropAfter: 3 } }).health.dropAfter).toBe(3)
  })

  it.each([
    [{ timeout: 0 }, 'timeout'],
    [{ timeout: NaN }, 'timeout'],
    [{ connectTimeout: -1 }, 'connectTimeout'],
    [{ closeTimeout: Infinity }, 'closeTimeout'],
    [{ maxOutstanding: 0 }, 'maxOutstanding'],
    [{ maxOutstanding: 1.5 }, 'maxOutstanding'],
    [{ maxMessageLength: 2 ** 31 }, 'maxMessageLength'],
    [{ trace: -1 }, 'trace'],
    [{ health: { threshold: 0.5 } }, 'health.threshold'],
    [{ health: { dropAfter: -1 } }, 'health.dropAfter'],
    [{ health: { timeout: 0 } }, 'health.timeout'],
    [{ reconnect: { jitter: 2 } }, 'reconnect.jitter'],
    [{ reconnect: { maximumAttempts: 0 } }, 'reconnect.maximumAttempts'],
    [{ clientName: 'x'.repeat(64) }, 'clientName'],
    [{ clientName: 'ü'.repeat(32) }, 'clientName'],
    [{ clientName: 7 }, 'clientName'],
    [{ whenDown: 'later' }, 'whenDown'],
    [{ prepare: 'yes' }, 'prepare'],
  ])('refuses %j and names the option', (input, name) => {
    expect(() => complete(input as never)).toThrow(refused(name))
  })

  it.each([
    [{ replyTimeout: 5 }, 'unknown option replyTimeout'],
    [{ health: { interval: 5 } }, 'unknown option health.interval'],
    [{ reconnect: { attempts: 5 } }, 'unknown option reconnect.attempts'],
  ])('refuses %j as unknown', (input, text) => {
    expect(() => complete(input as never)).toThrow(refused(text))
  })

  it('accepts limits themselves', () => {
    const options = complete({
      clientName: 'x'.repeat(63),
      timeout: Infinity,
      connectTimeout: Infinity,
      closeTimeout: 0,
      health: { probeInterval: 0 },
    })
    expect(options.timeout).toBe(Infinity)
  })
})

describe('socketPathOf', () => {
  it('names the socket of one of several VPPs', () => {
    expect(socketPathOf('vpp-2.lab_a')).toBe('/run/vpp/vpp-2.lab_a/api.sock')
  })

  it.each(['', '../etc', 'a/b', '.', '..', '.hidden', 'a b'])('refuses %j', (prefix) => {
    expect(() => socketPathOf(prefix)).toThrow(refused('prefix'))
  })
})
