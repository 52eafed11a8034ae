import { describe, expect, it } from 'vitest'
import { SourceFile } from './source-file.ts'

const PATHS = { runtime: '@vpp-ts/runtime/codegen/v1', module: (name: string) => `../${name}/messages.js` }

describe('SourceFile', () => {
  it('derives the imports from the names that are used', () => {
    const file = new SourceFile(PATHS)
    file.line(`${file.runtime('defineEnum')}(${file.fromModule('ip_types', 'Prefix')})`)
    file.line(`type X = ${file.runtime('Init')}<${file.fromModule('ip_types', 'Address')}>`)
    file.line(file.from('node:os', 'cpus'))
    expect(file.text(['Header.'])).toBe(
      [
        '// Header.',
        '',
        "import { type Init, defineEnum } from '@vpp-ts/runtime/codegen/v1'",
        "import { Address, Prefix } from '../ip_types/messages.js'",
        "import { cpus } from 'node:os'",
        '',
        'defineEnum(Prefix)',
        'type X = Init<Address>',
        'cpus',
        '',
      ].join('\n'),
    )
  })

  it('renames imports that would clash with what the file declares, or with each other', () => {
    const file = new SourceFile(PATHS, ['Message', 'ATypesThing'])
    expect(file.runtime('Message')).toBe('RuntimeMessage')
    expect(file.fromModule('a_types', 'Thing')).toBe('Thing')
    expect(file.fromModule('b_types', 'Thing')).toBe('BTypesThing')
    expect(file.fromModule('b_types', 'Thing')).toBe('BTypesThing')
    expect(file.fromModule('a_types', 'Message')).toBe('ATypesMessage')
    expect(file.from('x', 'Thing', { typeOnly: true })).toBe('ImportedThing')
    expect(file.text([])).toContain("import type { Thing as ImportedThing } from 'x'")
    expect(file.text([])).toContain("import { Message as RuntimeMessage } from '@vpp-ts/runtime/codegen/v1'")
  })

  it('breaks what is too long for a line', () => {
    const file = new SourceFile(PATHS)
    file.block('class A', () => {
      file.method('m', ['first: string', `second: ${'X'.repeat(90)}`], ': void', () => file.line('return'))
    })
    expect(file.text([])).toBe(
      `class A {\n  m(\n    first: string,\n    second: ${'X'.repeat(90)},\n  ): void {\n    return\n  }\n}\n`,
    )
  })

  it('keeps comments closed whatever they say', () => {
    const file = new SourceFile(PATHS)
    file.doc(['evil */ code', 'second'])
    expect(file.text([])).toBe('/**\n * evil *\\/ code\n * second\n */\n')
  })
})
