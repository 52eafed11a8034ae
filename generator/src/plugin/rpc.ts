import { emitClient } from '../emit/client-file.ts'
import type { Plugin } from './plugin.ts'

/** The clients: `client.ts` in every module that has methods. */
export const rpc: Plugin = {
  name: 'rpc',
  module(context) {
    const { module } = context
    const { clientName } = module
    if (clientName === undefined) return
    const file = context.source([clientName, 'methods'])
    emitClient({ ...module, clientName }, file, (message) => context.nameOf(message, file))
    context.file('client.ts', file, true)
  },
}
