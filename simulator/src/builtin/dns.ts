import { formatAddress } from '../model/prefix.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'

interface ServerRequest {
  readonly isIp6: number
  readonly isAdd: number
  readonly serverAddress: Uint8Array
}

/** Name resolution. */
export const dns: BuiltIns = {
  dns_enable_disable: ({ enable }: { enable: number }, { model }) => {
    model.dns.enable(enable !== 0)
    return DONE
  },

  dns_name_server_add_del: ({ isIp6, isAdd, serverAddress }: ServerRequest, { model }) => {
    const address = formatAddress(isIp6 === 0 ? serverAddress.subarray(0, 4) : serverAddress)
    if (isAdd === 0) model.dns.removeServer(address)
    else model.dns.addServer(address)
    return DONE
  },
}
