import { expect, test } from 'vitest'
import { checkPlatform } from './platform.ts'

const node = { platform: 'linux', arch: 'x64', endianness: 'LE', versions: { node: '24.0.0', v8: '13' } }

test('Node on Linux with a 64-bit little-endian processor is taken', () => {
  expect(() => checkPlatform(node)).not.toThrow()
  expect(() => checkPlatform({ ...node, arch: 'arm64' })).not.toThrow()
})

test.each([
  ['another system', { platform: 'darwin' }, 'darwin'],
  ['a 32-bit processor', { arch: 'arm' }, 'arm'],
  ['a big-endian processor', { endianness: 'BE' }, 'little-endian'],
  ['Bun', { versions: { node: '24.0.0', bun: '1.3.0' } }, 'Bun 1.3.0'],
  ['Deno', { versions: { node: '24.0.0', deno: '2.5.0' } }, 'Deno 2.5.0'],
])('%s is refused by name', (_, change, named) => {
  expect(() => checkPlatform({ ...node, ...change })).toThrow(
    expect.objectContaining({ code: 'LINUX_UNAVAILABLE', message: expect.stringContaining(named) }),
  )
})
