import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, parseConfig, parseDuration, readConfig } from '@vpp-ts/config'
import { VppConnection } from '@vpp-ts/runtime'

const problemsOf = (text: string) => {
  try {
    parseConfig(text)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
  }
  throw new Error('the text was accepted')
}

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['1s', 1000],
    ['1.5s', 1500],
    ['1m30s', 90_000],
    ['250us', 0.25],
    [250_000_000, 250],
    ['0', 0],
    ['+0', 0],
    ['-0', 0],
    ['-0s', 0],
    ['.5s', 500],
    ['1.s', 1000],
    ['+1.5h', 5_400_000],
    ['1h2m3.4s', 3_723_400],
    ['3\u00B5s', 0.003],
    ['3\u03BCs', 0.003],
    ['1000000ns', 1],
    ['2562047h', 9_223_369_200_000],
  ])('%s is %d ms', (value, milliseconds) => {
    expect(parseDuration(value)).toBe(milliseconds)
  })

  it.each([
    '',
    'soon',
    '5',
    '5 s',
    '-1s',
    '.s',
    '.',
    '+',
    '1.5.5s',
    '1d',
    '2562048h',
    '1S',
    -1,
    1e25,
    Number.NaN,
  ])('%s is none', (value) => {
    expect(parseDuration(value)).toBeUndefined()
  })
})

describe('a file', () => {
  it('that is empty gives the defaults of the reference agent', () => {
    expect(parseConfig('')).toEqual({
      socketPath: '/run/vpp/api.sock',
      statsSocketPath: '/run/vpp/stats.sock',
      resyncAfterReconnect: true,
      options: {
        timeout: 1000,
        whenDown: 'reject',
        health: { probeInterval: 1000, timeout: 250, threshold: 1 },
        reconnect: { initialDelay: 1000, maximumDelay: 8000, maximumAttempts: Infinity },
      },
      shm: undefined,
      notes: [],
    })
  })

  it('sets every option', () => {
    const config = parseConfig(`
binapi-socket-path: /tmp/api.sock
stats-socket-path: /tmp/stats.sock
resync-after-reconnect: false
reply-timeout: 2s
retry-request-count: 3
retry-request-timeout: 500ms
retry-connect-count: 7
retry-connect-timeout: 250000000
health-check-probe-interval: 3s
health-check-reply-timeout: 100ms
health-check-threshold: 4
trace-enabled: true
`)
    expect(config).toMatchObject({
      socketPath: '/tmp/api.sock',
      statsSocketPath: '/tmp/stats.sock',
      resyncAfterReconnect: false,
      options: {
        timeout: 2000,
        whenDown: 'wait',
        health: { probeInterval: 3000, timeout: 100, threshold: 4 },
        reconnect: { initialDelay: 250, maximumDelay: 2000, maximumAttempts: 7 },
        trace: 1000,
      },
    })
  })

  it('takes old spellings, passes over obsolete keys, and says so', () => {
    const config = parseConfig('reconnect-resync: false\ndelay: 5\nconnect-via-shm: true\nshm-prefix: vpp1')
    expect(config).toMatchObject({ resyncAfterReconnect: false, socketPath: '/run/vpp/vpp1/api.sock' })
    expect(config.notes).toHaveLength(3)
    expect(config.shm).toEqual({ prefix: 'vpp1' })
  })

  it('names every wrong key at once', () => {
    const problems = problemsOf(
      'reply-timeout: soon\nretry-connect-count: -1\nretry-conect-count: 3\ntrace-enabled: 1',
    )
    expect(problems.map(({ key }) => key).toSorted()).toEqual([
      'reply-timeout',
      'retry-conect-count',
      'retry-connect-count',
      'trace-enabled',
    ])
    expect(problems.find(({ key }) => key === 'retry-conect-count')?.message).toContain('retry-connect-count')
  })

  it.each([
    ['constructor: 1', 'constructor', /unknown key/],
    ['toString: 1', 'toString', /unknown key/],
    ['"__proto__": 1', '__proto__', /unknown key/],
    ['shm-prefix: a/b', 'shm-prefix', /letters, digits, "\._-", received "a\/b"/],
    ['shm-prefix: ..', 'shm-prefix', /received "\.\."/],
    ['shm-prefix: 5', 'shm-prefix', /expected text/],
    [
      'reply-timeout: 0.2ms',
      'reply-timeout',
      /expected 1 ms to 2147483647 ms, or 0 for no limit; received "0\.2ms"/,
    ],
    ['reply-timeout: 600h', 'reply-timeout', /expected 1 ms to/],
    ['retry-connect-timeout: 0', 'retry-connect-timeout', /expected 1 ms to 2147483647 ms; received 0/],
    ['retry-connect-count: 1e12', 'retry-connect-count', /whole number from 0 to 1000000/],
    ['health-check-threshold: 1.5', 'health-check-threshold', /whole number/],
    ['health-check-threshold: 1e9', 'health-check-threshold', /whole number/],
    ['health-check-reply-timeout: 0', 'health-check-reply-timeout', /expected 1 ms/],
    ['health-check-probe-interval: 30000h', 'health-check-probe-interval', /expected 1 ms/],
    [`binapi-socket-path: /${'x'.repeat(107)}`, 'binapi-socket-path', /at most 107 bytes/],
    ['stats-socket-path: [a]', 'stats-socket-path', /expected a path/],
  ])('with %j is refused by its key', (text, key, message) => {
    expect(problemsOf(text)).toEqual([{ key, message: expect.stringMatching(message) as string }])
  })

  it('that is accepted gives options that a connection accepts', async () => {
    const limits = ['1ms', '2147483647ms', '1s', '0']
    const keys = [
      'reply-timeout',
      'retry-connect-timeout',
      'health-check-probe-interval',
      'health-check-reply-timeout',
    ]
    for (const key of keys)
      for (const limit of limits) {
        if (limit === '0' && ['retry-connect-timeout', 'health-check-reply-timeout'].includes(key)) continue
        const { socketPath, options } = parseConfig(`${key}: ${limit}\nshm-prefix: no-vpp-here`)
        await VppConnection.managed(socketPath, options).close()
      }
  })

  it.each([
    ['shm-prefix: vpp1', '/run/vpp/vpp1/api.sock', '/run/vpp/vpp1/stats.sock'],
    ['binapi-socket-path: /tmp/b/api.sock', '/tmp/b/api.sock', '/tmp/b/stats.sock'],
    ['shm-prefix: vpp1\nstats-socket-path: /tmp/s', '/run/vpp/vpp1/api.sock', '/tmp/s'],
    ['shm-prefix: vpp1\nbinapi-socket-path: /tmp/api.sock', '/tmp/api.sock', '/tmp/stats.sock'],
  ])('with %j names both sockets of one VPP', (text, socketPath, statsSocketPath) => {
    expect(parseConfig(text)).toMatchObject({ socketPath, statsSocketPath })
  })

  it.each([
    ['a: b: c', /not YAML/],
    ['- 1', /expected keys/],
    ['reconnect-resync: true\nresync-after-reconnect: true', /given twice/],
  ])('%j is refused', (text, message) => {
    expect(() => parseConfig(text, 'x.conf')).toThrow(message)
    expect(() => parseConfig(text, 'x.conf')).toThrow(/^x\.conf: /)
  })

  it('is read from disk; a missing one is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-config-'))
    const file = join(folder, 'govpp.conf')
    await expect(readConfig(file)).rejects.toMatchObject({ code: 'VPP_CONFIG', file })
    await writeFile(file, 'reply-timeout: 0\n')
    expect((await readConfig(file)).options.timeout).toBe(Infinity)
    await rm(folder, { recursive: true })
  })
})
