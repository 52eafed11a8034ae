import * as api from '@vpp-ts/binapi-det44'
import { Det44Client } from '@vpp-ts/binapi-det44'
import { describe, type Vpp } from '../descriptor.ts'
import { sidesIn, sideKind, sidesOf } from '../nat/side.ts'
import { timeoutsFor, timeoutsKind } from '../nat/timeouts.ts'
import { derived, item, unused, uses } from '../uses.ts'
import { type Det44Input, det44Schema, type Det44Item } from './schema.ts'
import { brief } from '../brief.ts'
import { timeoutsIn, type NatTimeouts } from '../nat44/settings.ts'

const chosen = unused('VPP does not tell it; the agent takes table 0')

/** Turning DET44 on. VPP does not report whether it is, and crashes when it is turned off after an interface was taken away. */
export const DET44_ENABLE = uses(api.Det44PluginEnableDisable, {
  insideVrf: chosen,
  outsideVrf: chosen,
  enable: derived('true; never false, since somebody else may use it'),
})

/** Turns DET44 on where it is off. */
export async function enableDet44(vpp: Vpp): Promise<void> {
  await vpp.client(Det44Client).det44PluginEnableDisable({ enable: true })
}

const swIfIndex = derived('index of a name in `inside` or `outside`')
const isInside = derived('whether the name is in `inside`')

const det44Side = sideKind({
  kind: 'det44-interface',
  plugin: 'det44',
  hasBoth: false,
  messages: [
    uses(api.Det44InterfaceAddDelFeature, {
      isAdd: derived('true to make it, false to remove it'),
      isInside,
      swIfIndex,
    }),
    uses(api.Det44InterfaceDump, {}),
    uses(api.Det44InterfaceDetails, {
      isInside,
      isOutside: derived('whether the name is in `outside`'),
      swIfIndex,
    }),
    DET44_ENABLE,
  ],
  async read(vpp) {
    const details = await vpp.client(Det44Client).det44InterfaceDump().toArray()
    return details.map((it) => ({ swIfIndex: it.swIfIndex, inside: it.isInside, outside: it.isOutside }))
  },
  set: (vpp, request) => vpp.client(Det44Client).det44InterfaceAddDelFeature(request),
  enable: enableDet44,
})

const seconds = {
  udp: item('timeouts.udp'),
  tcpEstablished: item('timeouts.tcpEstablished'),
  tcpTransitory: item('timeouts.tcpTransitory'),
  icmp: item('timeouts.icmp'),
}

const det44Timeouts = timeoutsKind({
  kind: 'det44-timeouts',
  plugin: 'det44',
  messages: [
    uses(api.Det44SetTimeouts, seconds),
    uses(api.Det44GetTimeouts, {}),
    uses(api.Det44GetTimeoutsReply, { retval: derived('whether it is told'), ...seconds }),
    DET44_ENABLE,
  ],
  read: (vpp) => vpp.client(Det44Client).det44GetTimeouts(),
  set: (vpp, timeouts) => vpp.client(Det44Client).det44SetTimeouts(timeouts),
  enable: enableDet44,
})

/** Deterministic NAT of IPv4. */
export const det44 = describe<Det44Item, 'det44'>({
  kind: 'det44',
  schema: det44Schema,
  keyOf: () => 'det44',
  collection: {
    path: 'det44s',
    key: 'det44',
    expected: 'det44',
    keyOfPath: (text) => (text === 'det44' ? text : undefined),
    fieldsOf: () => ({}),
  },
  unmarked: true,
  objects: [det44Side, det44Timeouts],
  *dump(vpp) {
    const timeouts = timeoutsIn(vpp.get<NatTimeouts>('det44-timeouts', 'det44')?.value)
    const lists = { ...sidesIn(vpp, 'det44-interface'), timeouts }
    const said = brief<Partial<Det44Input>>(lists, { inside: [], outside: [] })
    if (Object.keys(said).length > 0) yield { kind: 'det44', ...said } satisfies Det44Input
  },
  *decompose(it) {
    yield* sidesOf('det44-interface', it)
    yield* timeoutsFor('det44-timeouts', 'det44', it.timeouts)
  },
})
