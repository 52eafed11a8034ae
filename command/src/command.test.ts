import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { EXIT, exitCodeOf, runProgram, versionOf } from '@vpp-ts/command'

const failing = (code: string, details: object = {}) => Object.assign(new Error(code), { code, ...details })

describe('the exit code of an error', () => {
  it.each([
    [failing('VPP_API_ERROR'), EXIT.failed],
    [failing('VPP_ENCODE'), EXIT.usage],
    [failing('VPP_SOCKET_MISSING'), EXIT.unreachable],
    [failing('VPP_REPLY_TIMEOUT'), EXIT.timeout],
    [failing('STATS_CONNECT_TIMEOUT'), EXIT.timeout],
    [
      failing('STATS_CONNECT_TIMEOUT', { cause: failing('LINUX_SYSCALL', { errno: 'ENOENT' }) }),
      EXIT.unreachable,
    ],
    [
      failing('STATS_CONNECT_TIMEOUT', { cause: failing('LINUX_SYSCALL', { errno: 'EAGAIN' }) }),
      EXIT.timeout,
    ],
    [failing('BINAPI_INPUT', { cause: failing('VPP_CONNECTION_REFUSED') }), EXIT.unreachable],
    [failing('BINAPI_INPUT', { cause: failing('ENOENT') }), EXIT.failed],
    [failing('commander.unknownOption', { exitCode: 1 }), EXIT.usage],
    [failing('commander.helpDisplayed', { exitCode: 0 }), EXIT.ok],
    [failing('commander.version', { exitCode: 0 }), EXIT.ok],
    [new Error('x'), EXIT.failed],
    ['x', EXIT.failed],
    [undefined, EXIT.failed],
  ])('%o is %i', (error, expected) => {
    expect(exitCodeOf(error)).toBe(expected)
  })
})

describe('a program', () => {
  /** A process whose output fails when it is told to. */
  function fakeProcess() {
    const lines: string[] = []
    const stdout = new EventEmitter()
    const stderr = Object.assign(new EventEmitter(), { write: (text: string) => lines.push(text) > 0 })
    const ended: number[] = []
    const program = {
      argv: ['node', 'script', 'one', 'two'],
      stdout: stdout as unknown as NodeJS.WritableStream,
      stderr: stderr as unknown as NodeJS.WritableStream,
      exitCode: undefined as number | string | null | undefined,
      exit: (code: number) => void ended.push(code),
    }
    return { program, stdout, stderr, lines, ended }
  }

  it('gets its arguments and ends with what it gives back', async () => {
    const { program } = fakeProcess()
    let given: readonly string[] = []
    await runProgram('p', (args) => Promise.resolve(((given = args), EXIT.timeout)), {}, program)
    expect([given, program.exitCode]).toEqual([['one', 'two'], EXIT.timeout])
  })

  it.each([
    ['EPIPE', 'end', [], [EXIT.ok], EXIT.ok],
    ['ENOSPC', 'end', ['p: the output cannot be written: ENOSPC\n'], [EXIT.failed], EXIT.failed],
    ['EPIPE', 'finish', [], [], EXIT.ok],
    ['ENOSPC', 'finish', ['p: the output cannot be written: ENOSPC\n'], [], EXIT.failed],
    [
      'EPIPE',
      'serve',
      ['p: the output cannot be written: no one reads it; continuing without it\n'],
      [],
      EXIT.ok,
    ],
    ['ENOSPC', 'serve', ['p: the output cannot be written: ENOSPC; continuing without it\n'], [], EXIT.ok],
  ] as const)(
    'whose output fails with %s, and which is to %s',
    async (code, lostOutput, told, exits, exitCode) => {
      const { program, stdout, stderr, lines, ended } = fakeProcess()
      const main = () => {
        for (let n = 0; n < 3; n++) stdout.emit('error', failing(code))
        stderr.emit('error', failing(code))
        return Promise.resolve(EXIT.ok)
      }
      await runProgram('p', main, { lostOutput }, program)
      expect(lines).toEqual(told)
      expect(ended[0]).toBe(exits[0])
      expect(program.exitCode).toBe(exitCode)
    },
  )

  it('whose last words cannot be written fails', async () => {
    const { program, stdout } = fakeProcess()
    await runProgram('p', () => Promise.resolve(EXIT.ok), { lostOutput: 'finish' }, program)
    stdout.emit('error', failing('ENOSPC'))
    expect(program.exitCode).toBe(EXIT.failed)
  })

  it('has the version of its package', () => {
    expect(versionOf(new URL('../package.json', import.meta.url))).toMatch(/^\d+\.\d+\.\d+/)
  })
})
