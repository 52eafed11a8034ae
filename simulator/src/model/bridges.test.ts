import { describe, expect, it } from 'vitest'
import { BOND_MODE } from './bonds.ts'
import { PORT_TYPE } from './bridges.ts'
import { addLoopback, addVlan } from './interface-kinds.ts'
import { Model } from './model.ts'

const IDENTITY = { version: '26.06.0-release', buildDate: '', buildDirectory: '', runtimeDir: '/run/vpp' }

function newModel(): Model {
  return new Model(IDENTITY, [])
}

function mac(last: number): string {
  return `02:00:00:00:00:0${last}`
}

/** Addresses of a domain with their interfaces; an asterisk marks that of the BVI. */
function macsOf({ bridges }: Model, bdId: number): string[] {
  return [...(bridges.find(bdId)?.macs.values() ?? [])].map(
    (it) => `${it.mac} ${it.swIfIndex}${it.bviMac ? '*' : ''}`,
  )
}

describe('the entry of a BVI', () => {
  it('follows the address of a loopback, over an entry that was there', () => {
    const model = newModel()
    const { swIfIndex } = addLoopback(model.interfaces, { mac: mac(1) })
    model.bridges.join(swIfIndex, 10, PORT_TYPE.BVI)
    const byClient = { staticMac: true, filterMac: false, bviMac: false }
    model.bridges.addMac(10, { mac: mac(2), swIfIndex, ...byClient })
    expect(macsOf(model, 10)).toEqual([`${mac(1)} 1*`, `${mac(2)} 1`])

    model.interfaces.setMac(swIfIndex, mac(2))
    expect(macsOf(model, 10)).toEqual([`${mac(2)} 1*`])
    model.bridges.join(swIfIndex, 11, PORT_TYPE.BVI)
    expect([macsOf(model, 10), macsOf(model, 11)]).toEqual([[], [`${mac(2)} 1*`]])
    model.interfaces.delete(swIfIndex)
    expect(macsOf(model, 11)).toEqual([])
  })

  it('stays when a client gave its address to another interface', () => {
    const model = newModel()
    const [first, second] = [1, 2].map((last) => addLoopback(model.interfaces, { mac: mac(last) }).swIfIndex)
    model.bridges.join(first ?? 0, 10, PORT_TYPE.BVI)
    model.bridges.join(second ?? 0, 10)
    const toSecond = { swIfIndex: second ?? 0, staticMac: true, filterMac: false, bviMac: false }
    model.bridges.addMac(10, { mac: mac(1), ...toSecond })
    model.bridges.leave(first ?? 0)
    expect(macsOf(model, 10)).toEqual([`${mac(1)} 2`])
  })

  it('is that of the hardware for a sub-interface, and does not follow', () => {
    const model = newModel()
    const { swIfIndex: parent } = addLoopback(model.interfaces, { mac: mac(1) })
    const { swIfIndex: sub } = addVlan(model.interfaces, parent, 5)
    model.bridges.join(sub, 10, PORT_TYPE.BVI)
    expect(macsOf(model, 10)).toEqual([`${mac(1)} ${sub}*`])
    model.interfaces.setMac(parent, mac(2))
    model.bridges.leave(sub)
    expect(macsOf(model, 10)).toEqual([`${mac(1)} ${sub}*`])
  })

  it('of a bond does not follow, that of its member does', () => {
    const model = newModel()
    const bond = model.bonds.add({ mode: BOND_MODE.XOR, mac: mac(1) }).swIfIndex
    const { swIfIndex: member } = addLoopback(model.interfaces, { mac: mac(2) })
    model.bridges.join(bond, 10, PORT_TYPE.BVI)
    model.bridges.join(member, 11, PORT_TYPE.BVI)
    model.interfaces.setMac(bond, mac(3))
    model.bonds.addMember(bond, member)
    expect([macsOf(model, 10), macsOf(model, 11)]).toEqual([[`${mac(1)} ${bond}*`], [`${mac(1)} ${member}*`]])
    model.bonds.detach(member)
    expect(macsOf(model, 11)).toEqual([`${mac(2)} ${member}*`])
  })
})
