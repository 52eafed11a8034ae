import type { MemifInit } from '../model/memifs.ts'
import { flagsOf } from './interface.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface SocketAddDel {
  readonly isAdd: boolean
  readonly socketId: number
  readonly socketFilename: string
}

interface Create {
  readonly role: number
  readonly mode: number
  readonly id: number
  readonly socketId: number
  readonly ringSize: number
  readonly bufferSize: number
  readonly noZeroCopy: boolean
  readonly hwAddr: string
  readonly rxQueues: number
  readonly txQueues: number
  readonly secret: string
}

/** Memif sockets and interfaces, as configuration. */
export const memif: BuiltIns = {
  memif_socket_filename_add_del: (request: SocketAddDel, { model: { memifs } }) => {
    const { isAdd, socketId, socketFilename } = request
    if (isAdd) memifs.addSocket(socketId, socketFilename)
    else memifs.deleteSocket(socketId)
    return DONE
  },

  memif_socket_filename_add_del_v2: (request: SocketAddDel, { model: { memifs } }) =>
    orRefuse({ socketId: request.socketId }, () => {
      const { isAdd, socketId, socketFilename } = request
      if (isAdd)
        return { socketId: memifs.addSocket(socketId === NONE ? undefined : socketId, socketFilename) }
      memifs.deleteSocket(socketId)
      return { socketId }
    }),

  memif_socket_filename_dump: (_request, { model: { memifs } }) =>
    memifs.sockets().map(([socketId, socketFilename]) => ({ socketId, socketFilename })),

  memif_create: (request: Create, { model: { memifs } }) => ({
    swIfIndex: memifs.add(initOf(request)).swIfIndex,
  }),

  memif_create_v2: (request: Create, { model: { memifs } }) => ({
    swIfIndex: memifs.add(initOf(request)).swIfIndex,
  }),

  memif_delete: ({ swIfIndex }: { swIfIndex: number }, { model: { memifs } }) => {
    memifs.delete(swIfIndex)
    return DONE
  },

  *memif_dump(_request, { model: { memifs, interfaces } }) {
    for (const { swIfIndex, id, role, mode, zeroCopy, socketId, ringSize, bufferSize } of memifs) {
      const it = interfaces.get(swIfIndex)
      yield {
        swIfIndex,
        ...(it.mac === '' ? {} : { hwAddr: it.mac }),
        id,
        role,
        mode,
        zeroCopy,
        socketId,
        // VPP tells what was negotiated, which without a peer is nothing: rings of 2^0 descriptors.
        ringSize: it.linkUp ? ringSize || 1024 : 1,
        bufferSize: it.linkUp ? bufferSize || 2048 : 0,
        flags: flagsOf(it),
        ifName: it.name,
      }
    }
  },
}

function initOf({ noZeroCopy, hwAddr, ...request }: Create): MemifInit {
  return { ...request, zeroCopy: !noZeroCopy, mac: hwAddr }
}
