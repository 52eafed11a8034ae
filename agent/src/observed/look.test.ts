import type { RpcConnection } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  describe as kindOf,
  type Actual,
  type ObjectDescriptor,
  type WantedView,
} from '../kinds/descriptor.ts'
import { Kinds } from '../kinds/kinds.ts'
import { lookAt } from './look.ts'
import { Observed } from './observed.ts'

interface Thing {
  readonly name: string
}

function objectOf(
  kind: string,
  look: () => Promise<Actual<Thing>[]>,
  lookAfter: string[] = [],
): ObjectDescriptor<Thing> {
  return {
    kind,
    lookAfter,
    look,
    itemsOf: () => [],
    dependsOn: () => [],
    create: () => Promise.resolve(undefined),
    remove: () => Promise.resolve(),
  }
}

describe('a look', () => {
  it('that fails leaves unknown what is named by what it would have told', async () => {
    const shown = new Map(['socket', 'lamp', 'shade', 'other'].map((kind) => [kind, 'white']))
    const look = (kind: string) => () =>
      shown.has(kind)
        ? Promise.resolve([{ kind, key: 'one', value: { name: shown.get(kind) ?? '' } }])
        : Promise.reject(new Error(`no ${kind}`))
    const objects = [
      objectOf('socket', look('socket')),
      objectOf('lamp', look('lamp'), ['socket']),
      objectOf('shade', look('shade'), ['lamp']),
      objectOf('other', look('other')),
    ]
    const schema = z.strictObject({ kind: z.literal('lamp'), name: z.string() })
    const collection = { path: 'lamps', key: 'name', keyOfPath: (text: string) => text, fieldsOf: () => ({}) }
    const kinds = new Kinds([
      kindOf<z.infer<typeof schema>, 'lamp'>({
        kind: 'lamp',
        schema,
        collection,
        objects,
        keyOf: ({ name }) => name,
        decompose: () => [],
        dump: { none: 'nobody asks' },
      }),
    ])
    const observed = new Observed({} as RpcConnection, 'test')
    const wanted = { count: () => 0 } as unknown as WantedView
    const all = objects.map(({ kind }) => kind)
    await lookAt(observed, kinds, all, wanted, { foreign: false })
    for (const kind of all) shown.set(kind, 'red')
    shown.delete('socket')
    const { kinds: seen, failed } = await lookAt(observed, kinds, all, wanted, { foreign: false })
    expect(seen).toEqual(['other'])
    expect(failed.map(({ kind, error }) => `${kind}: ${(error as Error).message}`).sort()).toEqual([
      'lamp: no socket',
      'shade: no socket',
      'socket: no socket',
    ])
    const known = all.map((kind) => observed.get<Thing>(kind, 'one')?.value.name)
    expect(known).toEqual(['white', 'white', 'white', 'red'])
  })
})
