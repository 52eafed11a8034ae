import type { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { suggest } from '@vpp-ts/runtime/dynamic'
import { CliError } from '../errors.ts'
import type { InterfaceLookup } from './value.ts'

/** Looks interfaces up by name, asking VPP once. */
export function interfaceLookup(api: DynamicApi): InterfaceLookup {
  let known: Promise<Map<string, number>> | undefined
  return async (name) => {
    known ??= readInterfaces(api)
    const interfaces = await known
    const index = interfaces.get(name)
    if (index !== undefined) return index
    const near = suggest(name, interfaces.keys())
    const names = near.length > 0 ? near : [...interfaces.keys()].slice(0, 20)
    throw new CliError('CLI_USAGE', `VPP has no interface ${name}`, `it has ${names.join(', ')}`)
  }
}

/** Names of all interfaces. */
export async function interfaceNames(api: DynamicApi): Promise<string[]> {
  return [...(await readInterfaces(api)).keys()]
}

async function readInterfaces(api: DynamicApi): Promise<Map<string, number>> {
  const details = await api.dump('sw_interface_dump', { sw_if_index: -1 }).toArray()
  return new Map(details.map((it) => [String(it['interface_name']), Number(it['sw_if_index'])]))
}
