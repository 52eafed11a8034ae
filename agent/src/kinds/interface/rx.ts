import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { RxMode } from '@vpp-ts/binapi-interface-types'
import { ifAvailable } from '../available.ts'
import { NONE, interfaceId, type ObjectDescriptor } from '../descriptor.ts'
import { RX_MESSAGES } from './messages.ts'

/** How VPP takes packets from an interface. */
export interface InterfaceRxValue {
  readonly interface: string
  /** Undefined: as it is. */
  readonly mode: 'polling' | 'interrupt' | 'adaptive' | undefined
  /** Worker, counted from 0, by queue; -1 for the main thread, of actual ones. */
  readonly placement: readonly { readonly queue: number; readonly worker: number }[]
}

const MODES = {
  polling: RxMode.RX_MODE_API_POLLING,
  interrupt: RxMode.RX_MODE_API_INTERRUPT,
  adaptive: RxMode.RX_MODE_API_ADAPTIVE,
} as const

/** Rx mode and placement of adopted interfaces. */
export const interfaceRx: ObjectDescriptor<InterfaceRxValue> = {
  kind: 'interface-rx',
  messages: RX_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.interface }],
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  lookAfter: ['interface'],
  goesWithInterface: true,
  composite: true,

  async look(vpp, wanted) {
    const client = vpp.client(InterfaceClient)
    const dump = (): Promise<Placement[]> => client.swInterfaceRxPlacementDump({ swIfIndex: NONE }).toArray()
    const queues = new Map<number, Placement[]>()
    for (const it of await ifAvailable(dump))
      queues.set(it.swIfIndex, [...(queues.get(it.swIfIndex) ?? []), it])
    return Array.from(queues, ([swIfIndex, list]) => {
      const name = vpp.interfaceName(swIfIndex)
      const modes = new Set(list.map(({ mode }) => mode))
      const [number] = modes
      const known = (Object.keys(MODES) as (keyof typeof MODES)[]).find((it) => MODES[it] === number)
      const mode = modes.size === 1 ? known : undefined
      // VPP reports threads, of which the first is the main one, and takes workers.
      const placement = list.map(({ queueId, workerId }) => ({ queue: queueId, worker: workerId - 1 }))
      const foreign = wanted.desired('interface-rx', name) === undefined
      return { kind: 'interface-rx', key: name, foreign, value: { interface: name, mode, placement } }
    })
  },

  compare(wanted, has) {
    const sameMode = wanted.mode === undefined || wanted.mode === has.mode
    const samePlaces = wanted.placement.every(({ queue, worker }) =>
      has.placement.some((it) => it.queue === queue && it.worker === worker),
    )
    return sameMode && samePlaces ? 'same' : 'update'
  },

  async create(vpp, object) {
    await this.update?.(vpp, object, object)
    return undefined
  },

  async update(vpp, { value }) {
    const client = vpp.client(InterfaceClient)
    const swIfIndex = vpp.indexOf('interface', value.interface)
    const { mode, placement } = value
    if (mode !== undefined) await client.swInterfaceSetRxMode({ swIfIndex, mode: MODES[mode] })
    for (const { queue, worker } of placement) {
      await client.swInterfaceSetRxPlacement({ swIfIndex, queueId: queue, workerId: worker, isMain: false })
    }
  },

  // As before is not known; what is left is what VPP runs with.
  remove: () => Promise.resolve(),
}

interface Placement {
  readonly swIfIndex: number
  readonly queueId: number
  readonly workerId: number
  readonly mode: number
}
