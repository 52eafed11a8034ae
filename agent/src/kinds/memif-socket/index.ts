import { MemifClient } from '@vpp-ts/binapi-memif'
import { ifAvailable } from '../available.ts'
import { describe, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { memifSocketSchema, type MemifSocketInput, type MemifSocketItem } from './schema.ts'
import { MEMIF_SOCKET_MESSAGES } from './messages.ts'

/** A socket of memifs. */
interface MemifSocketValue {
  readonly id: number
  readonly path: string
}

/** Sockets of memifs. VPP keeps no mark on them: the agent's are those that it has recorded. */
const memifSocketObject: ObjectDescriptor<MemifSocketValue> = {
  kind: 'memif-socket',
  messages: MEMIF_SOCKET_MESSAGES,
  plugin: () => 'memif',
  itemsOf: ({ key }) => [{ kind: 'memif-socket', key }],
  dependsOn: () => [],
  recorded: () => true,
  usable: (wanted, has) => wanted.path === has.path,

  async look(vpp, wanted) {
    const details = await ifAvailable(() => vpp.client(MemifClient).memifSocketFilenameDump().toArray())
    return details.map(({ socketId, socketFilename }) => {
      const key = String(socketId)
      const foreign = !(wanted.made('memif-socket', key) ?? wanted.owns({ kind: 'memif-socket', key }))
      return { kind: 'memif-socket', key, foreign, value: { id: socketId, path: socketFilename } }
    })
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

async function addDel(vpp: Vpp, { id, path }: MemifSocketValue, isAdd: boolean): Promise<void> {
  const request = { isAdd, socketId: id, socketFilename: path }
  await vpp.client(MemifClient).memifSocketFilenameAddDelV2(request)
}

/** Sockets of memifs. */
export const memifSocket = describe<MemifSocketItem, 'memif-socket'>({
  kind: 'memif-socket',
  schema: memifSocketSchema,
  keyOf: ({ id }) => String(id),
  collection: {
    path: 'memif-sockets',
    key: 'id',
    keyOfPath: (text) => text,
    fieldsOf: (key) => ({ id: Number(key) }),
  },
  unmarked: true,
  objects: [memifSocketObject],
  *dump(vpp) {
    // Socket 0 is VPP's own.
    for (const { value } of vpp.of<MemifSocketValue>('memif-socket'))
      if (value.id !== 0) yield { kind: 'memif-socket', ...value } satisfies MemifSocketInput
  },
  *decompose({ id, path }, key) {
    yield { kind: 'memif-socket', key, value: { id, path } satisfies MemifSocketValue }
  },
})
