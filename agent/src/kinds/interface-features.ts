import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { unlessRefused } from './available.ts'
import type { Actual, Vpp } from './descriptor.ts'
import type { InterfaceValue } from './interface/value.ts'

/** Nodes that packets of an interface meet, as VPP's command says. */
export async function featuresOf(vpp: Vpp, name: string): Promise<string[]> {
  const it: Actual<InterfaceValue> | undefined = vpp.get<InterfaceValue>('interface', name)
  const swIfIndex = vpp.indexOf('interface', name)
  const vppName = it?.value.seen?.vppName ?? (await nameOf(vpp, swIfIndex))
  const cmd = `show interface features ${vppName}`
  const text = await unlessRefused(() => vpp.client(VlibClient).cliInband({ cmd }))
  return text?.reply.split(/\s+/) ?? []
}

async function nameOf(vpp: Vpp, swIfIndex: number): Promise<string> {
  const [it] = await vpp.client(InterfaceClient).swInterfaceDump({ swIfIndex }).toArray()
  return it?.interfaceName ?? ''
}
