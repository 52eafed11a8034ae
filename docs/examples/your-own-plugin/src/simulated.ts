import { RetvalError, type Interface, type Model, type Simulator } from '@vpp-ts/simulator'
import { IfStatusFlags } from './binapi/interface_types/index.js'
import {
  LinkWatchAddDel,
  LinkWatchCause,
  LinkWatchDump,
  type LinkWatchEvent,
  type LinkWatchTarget,
} from './binapi/link_watch/index.js'

interface Watch {
  readonly target: LinkWatchTarget
  readonly note: Uint8Array
  adminUp: boolean
  linkUp: boolean
  eventCount: bigint
}

/** Has a simulator do what the plugin does in VPP. It subscribes and unsubscribes clients by itself. */
export function simulateLinkWatch(simulator: Simulator): void {
  // Each run of the simulator has a model of its own, so that a restart forgets what is watched, as VPP does.
  const watches = new WeakMap<Model, Map<number, Watch>>()

  function watchesOf(model: Model): Map<number, Watch> {
    const known = watches.get(model)
    if (known !== undefined) return known
    const added = new Map<number, Watch>()
    watches.set(model, added)
    model.listen((event) => {
      const watch = event.kind === 'interface' ? added.get(event.interface.swIfIndex) : undefined
      if (event.kind !== 'interface' || watch === undefined) return
      if (event.change === 'deleted') added.delete(event.interface.swIfIndex)
      else if (event.change === 'admin' || event.change === 'link') tell(watch, event.interface)
    })
    return added
  }

  function tell(watch: Watch, { adminUp, linkUp }: Interface): void {
    const send = (cause: number): void => {
      const fields = { target: watch.target, cause, flags: flagsOf(watch), rawMsgData: watch.note }
      watch.eventCount++
      simulator.sendEvent('link_watch_event', fields satisfies Partial<LinkWatchEvent>)
    }
    if (watch.linkUp !== linkUp) {
      watch.linkUp = linkUp
      send(LinkWatchCause.LINK_WATCH_API_CAUSE_LINK)
    }
    if (watch.adminUp !== adminUp) {
      watch.adminUp = adminUp
      send(LinkWatchCause.LINK_WATCH_API_CAUSE_ADMIN)
    }
  }

  simulator.on(LinkWatchAddDel, ({ isAdd, target, note }, { model }) => {
    const known = watchesOf(model)
    if (isAdd) {
      const { adminUp, linkUp } = model.interfaces.get(target.swIfIndex)
      const eventCount = known.get(target.swIfIndex)?.eventCount ?? 0n
      known.set(target.swIfIndex, { target, note, adminUp, linkUp, eventCount })
    } else if (!known.delete(target.swIfIndex)) throw new RetvalError('NO_SUCH_ENTRY')
    return {}
  })

  simulator.on(LinkWatchDump, (_request, { model }) =>
    [...watchesOf(model).values()].map((watch) => ({
      target: watch.target,
      flags: flagsOf(watch),
      eventCount: watch.eventCount,
    })),
  )
}

function flagsOf({ adminUp, linkUp }: Watch): number {
  return (
    (adminUp ? IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP : 0) |
    (linkUp ? IfStatusFlags.IF_STATUS_API_FLAG_LINK_UP : 0)
  )
}
