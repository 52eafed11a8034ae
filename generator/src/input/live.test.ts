import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GeneratorError } from '../errors.ts'
import { bundled } from '../testing/folder.ts'
import { readInput } from './read.ts'
import type { LiveVpp } from './live-vpp.ts'

const module = (path: string) => JSON.parse(readFileSync(join(bundled('26.06'), path), 'utf8')) as unknown

/** A VPP that tells what it is told to; notes the socket it is asked at. */
function vpp(json: unknown, version?: string): LiveVpp & { readonly asked: string[] } {
  const asked: string[] = []
  const definitions = (socket: string) => {
    asked.push(socket)
    return Promise.resolve({ json: typeof json === 'string' ? json : JSON.stringify(json), version })
  }
  return { asked, definitions }
}

describe('vpp:', () => {
  it('reads the definitions of a running VPP, and which release it is', async () => {
    const live = vpp([module('core/vpe.api.json'), module('core/arp.api.json')], '26.06-release')
    const input = await readInput({ input: 'vpp:/tmp/api.sock', live })
    expect(live.asked).toEqual(['/tmp/api.sock'])
    expect(input).toMatchObject({ release: '26.06', label: 'vpp:/tmp/api.sock' })
    expect(input.files.map(({ source }) => source)).toEqual(['arp.api.json', 'vpe.api.json'])
  })

  it('asks at the default socket when none is named', async () => {
    const live = vpp([module('core/arp.api.json')])
    expect((await readInput({ input: 'vpp:', live })).release).toBeUndefined()
    expect(live.asked).toEqual(['/run/vpp/api.sock'])
  })

  it.each([
    ['[]', /tells no definition/],
    ['{', /neither an archive nor JSON/],
    ['[{"messages": []}]', /does not say which module it is/],
  ])('refuses %s', async (json, message) => {
    await expect(readInput({ input: 'vpp:', live: vpp(json) })).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: expect.stringMatching(message) as string,
    })
  })

  it('says what keeps it from asking', async () => {
    const failing = (error: Error): LiveVpp => ({
      definitions: async () => {
        throw error
      },
    })
    await expect(readInput({ input: 'vpp:/x', live: failing(new Error('refused')) })).rejects.toMatchObject({
      code: 'BINAPI_INPUT',
      message: 'cannot read the definitions of the VPP at "/x": refused',
    })
    const own = new GeneratorError('BINAPI_INPUT', 'no client')
    await expect(readInput({ input: 'vpp:/x', live: failing(own) })).rejects.toBe(own)
  })
})
