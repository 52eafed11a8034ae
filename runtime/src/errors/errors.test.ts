import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { VppError } from './vpp-error.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Codes in the type `VppErrorCode`. */
function declaredCodes(): string[] {
  const [, union = ''] = /export type VppErrorCode =([^]*?)\n\n/.exec(read('vpp-error.ts')) ?? []
  return [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code)
}

/** Codes in the table of this package in the documentation. */
function documentedCodes(): string[] {
  const [, section = ''] =
    /\n## `@vpp-ts\/runtime`\n([^]*?)(?=\n## |$)/.exec(read('../../../docs/errors.md')) ?? []
  return [...section.matchAll(/^\| `(VPP_\w+)`/gm)].map(([, code = '']) => code)
}

describe('error codes', () => {
  it('are documented, each once, and no others are', () => {
    const declared = declaredCodes()
    expect(declared).toContain('VPP_ENCODE')
    expect(documentedCodes().toSorted()).toEqual(declared.toSorted())
  })
})

describe('VppError', () => {
  it('carries its code, its name and its cause', () => {
    class Special extends VppError {}
    const cause = new Error('deeper')
    const error = new Special('VPP_INVALID_ARGUMENT', 'text', { cause })
    expect(error).toMatchObject({ code: 'VPP_INVALID_ARGUMENT', name: 'Special', message: 'text', cause })
    expect(error).toBeInstanceOf(Error)
  })
})
