import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModel } from '../../model/build.ts'
import type { Model } from '../../model/model.ts'
import { loadSchema } from '../../input/load.ts'
import { bundled, tempFolder } from '../../testing/folder.ts'
import { diffSchemas } from '../diff/diff.ts'
import { limitToUsage } from './limit.ts'
import { findUsage } from './usage.ts'

let model: Model
beforeAll(async () => {
  model = buildModel(await loadSchema({ input: bundled('26.06') }))
})

/** Wire names of the messages that a program uses. */
async function used(files: Readonly<Record<string, string>>): Promise<string[]> {
  return [...(await findUsage(tempFolder(files), [model])).messages.keys()].toSorted()
}

describe('findUsage', () => {
  it.each([
    ['a message class', "import { IpRouteAddDel } from '@vpp-ts/binapi-ip'", ['ip_route_add_del']],
    ['under another name', "import { IpRouteAddDel as Add } from '@vpp-ts/binapi-ip'", ['ip_route_add_del']],
    ['as a type', "import type { IpRouteAddDel } from '@vpp-ts/binapi-ip'", ['ip_route_add_del']],
    ['of generated folders', "import { IpRouteAddDel } from '../binapi/ip/index.js'", ['ip_route_add_del']],
    ['of a generated file', "import { TapCreateV3 } from './binapi/tapv2/messages.ts'", ['tap_create_v3']],
    [
      'of a module with underscores',
      "import { NatWorkerDump } from './nat44_ed/index.js'\nimport { Nat44Details } from './x/index.js'",
      ['nat_worker_dump'],
    ],
    [
      'through a namespace',
      "import * as ip from '@vpp-ts/binapi-ip'\nnew ip.IpRouteDump()",
      ['ip_route_dump'],
    ],
    [
      'in the type of a namespace',
      "import * as ip from '@vpp-ts/binapi-ip'\nlet x: ip.IpRouteDump",
      ['ip_route_dump'],
    ],
    ['of import()', "const { IpRouteDump } = await import('@vpp-ts/binapi-ip')", ['ip_route_dump']],
    ['re-exported', "export { IpRouteDump as Routes } from '@vpp-ts/binapi-ip'", ['ip_route_dump']],
    ['of another package', "import { IpRouteAddDel } from 'binapi-of-somebody'", []],
    ['in a comment', "// import { IpRouteAddDel } from '@vpp-ts/binapi-ip'", []],
    ['in a text', "const text = `import { IpRouteAddDel } from '@vpp-ts/binapi-ip'`", []],
  ])('finds classes: %s', async (_, text, expected) => {
    expect(await used({ 'src/a.ts': text })).toEqual(expected)
  })

  it('finds the methods of a client that are called, in whichever file', async () => {
    const files = {
      'a.ts':
        "import { InterfaceClient } from '@vpp-ts/binapi-interface'\nexport const client = new InterfaceClient(vpp)",
      'b.tsx':
        "import { client } from './a.js'\nfor await (const it of client.swInterfaceDump()) show(<b>{it}</b>)\nconst { swInterfaceSetMtu: set } = client",
      'c.mjs': "import { client } from './a.js'\nclient.swInterfaceEvents()",
    }
    expect(await used(files)).toEqual([
      'sw_interface_details',
      'sw_interface_dump',
      'sw_interface_event',
      'sw_interface_set_mtu',
      'sw_interface_set_mtu_reply',
      'want_interface_events',
      'want_interface_events_reply',
    ])
  })

  it('follows wrappers, aliases, spreads and patterns to fields and members', async () => {
    const files = {
      'barrel.ts': "export { SwInterfaceSetMtu as Mtu, IfStatusFlags as Up } from '@vpp-ts/binapi-interface'",
      'wrap.ts':
        'export function make<T>(kind: new (init: Init<T>) => T, init: Init<NoInfer<T>>): T { return new kind(init) }\n' +
        "import type { Init } from '@vpp-ts/runtime/codegen/v1'",
      'a.ts': [
        "import { Mtu } from './barrel.js'",
        "import { make } from './wrap.js'",
        "import { IfStatusFlags, SwInterfaceDetails } from '@vpp-ts/binapi-interface-types'",
        "import { InterfaceClient } from '@vpp-ts/binapi-interface'",
        "import { IfStatusFlags as Flags } from '@vpp-ts/binapi-interface-types'",
        'declare const client: InterfaceClient',
        'const { swInterfaceDump: dump } = client',
        'const base = { swIfIndex: 1 }',
        'export const one = make(Mtu, { ...base, mtu: [1] })',
        'for await (const { interfaceName, linkSpeed: speed } of client.swInterfaceDump()) speed(interfaceName)',
        'export const up = Flags.IF_STATUS_API_FLAG_ADMIN_UP',
        "export const raw = one['swIfIndex']",
      ].join('\n'),
    }
    const usage = await findUsage(tempFolder(files), [model])
    expect([...usage.fields.keys()].toSorted()).toEqual([
      'sw_interface_details.interface_name',
      'sw_interface_details.link_speed',
      'sw_interface_set_mtu.mtu',
      'sw_interface_set_mtu.sw_if_index',
    ])
    expect([...usage.members]).toEqual([
      ['if_status_flags.IF_STATUS_API_FLAG_ADMIN_UP', [expect.stringMatching(/a\.ts:11:25$/)]],
    ])
    expect([...usage.messages.keys()]).toContain('sw_interface_dump')
  })

  it('takes no name for a use that only looks like one', async () => {
    const files = {
      'a.ts': [
        "import { InterfaceClient } from '@vpp-ts/binapi-interface'",
        'declare const client: InterfaceClient',
        'class Other { swInterfaceSetMtu() {} }',
        'new Other().swInterfaceSetMtu()',
        'export const { swInterfaceDump } = { swInterfaceDump: 1 }',
        'await client.swInterfaceSetTxPlacement({ swIfIndex: 1 })',
      ].join('\n'),
    }
    expect(await used(files)).toEqual([
      'sw_interface_set_tx_placement',
      'sw_interface_set_tx_placement_reply',
    ])
  })

  it('finds messages that are named in texts, for calls without bindings', async () => {
    const text = "vpp.call('ip_route_dump', { some_field: 'not_a_message' }, `ip_mroute_dump`)"
    expect(await used({ 'a.ts': text })).toEqual(['ip_mroute_dump', 'ip_route_dump'])
  })

  it('asks who takes a text: the client of a workspace, an installed one, or something else', async () => {
    const api = 'export declare class Api { call(name: string): void }'
    const folder = tempFolder({
      'runtime/package.json': { name: '@vpp-ts/runtime', types: './index.d.ts' },
      'runtime/index.d.ts': api,
      'app/node_modules/other/package.json': { name: 'other', types: './index.d.ts' },
      'app/node_modules/other/index.d.ts': 'export declare function title(text: string): void',
      'app/a.ts': [
        "import { Api } from '@vpp-ts/runtime'",
        "import { title } from 'other'",
        "new Api().call('show_threads')",
        "new Api().call('cli')",
        "title('ip_route_dump')",
        "const owner = (name: 'api' | 'cli') => name",
        "owner('cli')",
      ].join('\n'),
    })
    mkdirSync(join(folder, 'app/node_modules/@vpp-ts'))
    symlinkSync('../../../runtime', join(folder, 'app/node_modules/@vpp-ts/runtime'))
    const { messages } = await findUsage(join(folder, 'app'), [model])
    expect(new Map([...messages].map(([name, places]) => [name, places.length]))).toEqual(
      new Map([
        ['show_threads', 1],
        ['cli', 1],
      ]),
    )
  })

  it('leaves out what is not a source of the program, and says where it found what', async () => {
    const text = "\n\nimport { IpRouteAddDel } from '@vpp-ts/binapi-ip'"
    const folder = tempFolder({
      'src/a.ts': text,
      'node_modules/x/a.ts': text,
      'dist/a.js': text,
      'src/a.d.ts': text,
      'src/binapi/ip/client.ts': `// Generated by binapi-gen 0.1.0 from VPP 26.06.\n${text}`,
      'a.txt': text,
    })
    const usage = await findUsage(folder, [model])
    expect(usage.files).toBe(1)
    expect([...usage.messages.values()]).toEqual([[expect.stringMatching(/src\/a\.ts:3:10$/)]])
    expect([...usage.modules]).toEqual(['ip'])
  })

  it('fails for a folder that is not there, and for source that cannot be parsed', async () => {
    await expect(findUsage('/no/such/folder', [model])).rejects.toMatchObject({ code: 'BINAPI_INPUT' })
    await expect(used({ 'a.ts': 'const = 1' })).rejects.toMatchObject({
      code: 'BINAPI_INVALID',
      message: expect.stringMatching(/^cannot parse ".*a\.ts": /) as string,
    })
  })
})

it('limits a report to what a program uses', async () => {
  const [before, after] = [
    await loadSchema({ input: bundled('26.02') }),
    await loadSchema({ input: bundled('26.06') }),
  ]
  const folder = tempFolder({ 'a.ts': "import { Ikev2SetIkeTransforms } from '@vpp-ts/binapi-ikev2'" })
  const usage = await findUsage(folder, [buildModel(before), buildModel(after)])
  const report = limitToUsage(diffSchemas(before, after), usage, folder)
  expect(report.messages.map(({ name, usedIn }) => [name, usedIn?.length])).toEqual([
    ['ikev2_set_ike_transforms', 1],
  ])
  expect(report.types.map(({ name }) => name)).toEqual(['ikev2_ike_transforms'])
  expect(report.services).toEqual([])
  expect(report.modules).toEqual([])
})
