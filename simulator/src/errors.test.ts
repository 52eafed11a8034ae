import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RetvalError, SimulatorError } from './errors.ts'

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

describe('error codes', () => {
  it('are documented, each once, and no others are', () => {
    const [, union = ''] = /export type SimulatorErrorCode =([^]*?)\n\n/.exec(read('errors.ts')) ?? []
    const declared = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code)
    const [, section = ''] =
      /\n## `@vpp-ts\/simulator`\n([^]*?)(?=\n## |$)/.exec(read('../../docs/errors.md')) ?? []
    const documented = [...section.matchAll(/^\| `(SIMULATOR_\w+)`/gm)].map(([, code]) => code)
    expect(declared).toContain('SIMULATOR_LISTEN')
    expect(documented.toSorted()).toEqual(declared.toSorted())
  })
})

describe('a RetvalError', () => {
  it('carries the number, by VPP’s name or as it is', () => {
    expect(new RetvalError('NO_SUCH_FIB')).toMatchObject({
      retval: -3,
      code: 'SIMULATOR_RETVAL',
      name: 'RetvalError',
    })
    expect(new RetvalError('NO_SUCH_FIB').message).toBe('retval -3 (NO_SUCH_FIB)')
    expect(new RetvalError(1)).toMatchObject({ retval: 1, message: 'retval 1' })
    expect(new RetvalError(1)).toBeInstanceOf(SimulatorError)
  })
})
