import { canonicalAddress } from '../model/ip.ts'

/** How the key of what is of an interface and an address stands in a path, and comes back from it. */
export const BY_ADDRESS = {
  key: 'interface/address',
  expected: 'interface%2Faddress',
  keyOfPath(text: string): string | undefined {
    const slash = text.lastIndexOf('/')
    const address = canonicalAddress(text.slice(slash + 1))
    return slash > 0 && address !== undefined ? `${text.slice(0, slash)}/${address}` : undefined
  },
  fieldsOf(key: string): { interface: string; address: string } {
    const slash = key.lastIndexOf('/')
    return { interface: key.slice(0, slash), address: key.slice(slash + 1) }
  },
}
