import * as api from '@vpp-ts/binapi-nat66'
import { Nat66Client } from '@vpp-ts/binapi-nat66'
import { describe, type Vpp } from '../descriptor.ts'
import { sidesIn, sideKind, sidesOf } from '../nat/side.ts'
import { ED_FLAG } from '../nat44/mode.ts'
import { derived, unused, uses } from '../uses.ts'
import { type Nat66Input, nat66Schema, type Nat66Item } from './schema.ts'
import { brief } from '../brief.ts'

/** Turning NAT66 on. VPP does not report whether it is; it stays on: docs/decisions/0041-translations-stay-on.md. */
export const NAT66_ENABLE = uses(api.Nat66PluginEnableDisable, {
  outsideVrf: unused('VPP does not tell it; the agent takes table 0'),
  enable: derived('true; never false, since somebody else may use it'),
})

/** Turns NAT66 on where it is off. */
export async function enableNat66(vpp: Vpp): Promise<void> {
  await vpp.client(Nat66Client).nat66PluginEnableDisable({ enable: true })
}

const side = {
  flags: derived('from `inside` and `outside`'),
  swIfIndex: derived('index of a name in `inside` or `outside`'),
}

const nat66Side = sideKind({
  kind: 'nat66-interface',
  plugin: 'nat66',
  hasBoth: false,
  messages: [
    uses(api.Nat66AddDelInterface, { isAdd: derived('true to make it, false to remove it'), ...side }),
    uses(api.Nat66InterfaceDump, {}),
    uses(api.Nat66InterfaceDetails, side),
    NAT66_ENABLE,
  ],
  async read(vpp) {
    const details = await vpp.client(Nat66Client).nat66InterfaceDump().toArray()
    return details.map(({ swIfIndex, flags }) => {
      const inside = (flags & ED_FLAG.inside) !== 0
      return { swIfIndex, inside, outside: !inside }
    })
  },
  async set(vpp, { swIfIndex, isInside, isAdd }) {
    const flags = isInside ? ED_FLAG.inside : ED_FLAG.outside
    await vpp.client(Nat66Client).nat66AddDelInterface({ isAdd, swIfIndex, flags })
  },
  enable: enableNat66,
})

/** NAT66. */
export const nat66 = describe<Nat66Item, 'nat66'>({
  kind: 'nat66',
  schema: nat66Schema,
  keyOf: () => 'nat66',
  collection: {
    path: 'nat66s',
    key: 'nat66',
    expected: 'nat66',
    keyOfPath: (text) => (text === 'nat66' ? text : undefined),
    fieldsOf: () => ({}),
  },
  unmarked: true,
  objects: [nat66Side],
  *dump(vpp) {
    const said = brief(sidesIn(vpp, 'nat66-interface'), { inside: [], outside: [] })
    if (Object.keys(said).length > 0) yield { kind: 'nat66', ...said } satisfies Nat66Input
  },
  decompose: (it) => sidesOf('nat66-interface', it),
})
