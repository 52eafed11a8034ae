import { describe, expect, it } from 'vitest'
import { RetvalError } from '../errors.ts'
import type { CliContext } from './commands.ts'
import { CliCommands, CliError } from './commands.ts'

const run = {} as CliContext

function commands(): CliCommands {
  const made = new CliCommands()
  made.add('show version', (args) => `version ${args.join(',')}`)
  made.add('show interface', () => 'interfaces\n')
  made.add('show interface address', () => '')
  made.add('set state', (args) => {
    if (args.length === 0) throw new CliError('state of what?')
    throw new RetvalError('NO_SUCH_FIB')
  })
  return made
}

describe('the command line', () => {
  it.each([
    ['show version', 0, 'version \n'],
    ['sh ver a  b', 0, 'version a,b\n'],
    ['  show   interface ', 0, 'interfaces\n'],
    ['show int addr', 0, ''],
    ['show', -1, "show: unknown input `'\n"],
    ['show nothing at all', -1, "show: unknown input `nothing at all'\n"],
    [
      'show 12345678901234567890123456789012',
      -1,
      "show: unknown input `123456789012345678901234567890...'\n",
    ],
    ['s', -1, "unknown input `s'\n"],
    ['', -1, "unknown input `'\n"],
    ['set state', -1, 'set state: state of what?\n'],
    ['set state x', -1, 'set state: retval -3 (NO_SUCH_FIB)\n'],
  ])('answers %j with %d and %j', (line, retval, reply) => {
    expect(commands().run(line, run)).toEqual({ retval, reply })
  })

  it('tries the command above one that fails', () => {
    const made = commands()
    made.add('set', (args) => `took ${args.join(' ')}`)
    expect(made.run('set state', run)).toEqual({ retval: 0, reply: 'took state\n' })
    made.add('set', () => {
      throw new CliError('no')
    })
    expect(made.run('set state x', run)).toEqual({ retval: -1, reply: 'set: no\n' })
  })

  it('lets a command be replaced', () => {
    const made = commands()
    made.add('show version', () => 'mine')
    expect(made.run('show version', run).reply).toBe('mine\n')
  })

  it('does not hide a defect of a command', () => {
    const made = commands()
    made.add('boom', () => {
      throw new TypeError('defect')
    })
    expect(() => made.run('boom', run)).toThrow(TypeError)
  })
})
