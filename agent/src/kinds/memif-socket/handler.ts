import type { Handler } from '../handler.ts'
import { ifAvailable } from '../available.ts'

/** Sockets of memifs. VPP keeps no mark on them: the agent's are those that it is, or was, to make. */
export const memifSocket: Handler<'memif-socket'> = {
  async look({ clients }, wanted) {
    const details = await ifAvailable(() => clients.memif.memifSocketFilenameDump().toArray())
    return details.map(({ socketId, socketFilename }) => ({
      kind: 'memif-socket',
      key: String(socketId),
      owned: wanted.owns({ kind: 'memif-socket', key: String(socketId) }),
      value: { id: socketId, path: socketFilename },
      refs: [],
    }))
  },

  async create({ clients }, { value }) {
    await clients.memif.memifSocketFilenameAddDelV2({
      isAdd: true,
      socketId: value.id,
      socketFilename: value.path,
    })
    return undefined
  },

  async remove({ clients }, { value }) {
    await clients.memif.memifSocketFilenameAddDelV2({
      isAdd: false,
      socketId: value.id,
      socketFilename: value.path,
    })
  },
}
