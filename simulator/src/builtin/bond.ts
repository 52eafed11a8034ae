import type { Bond, BondMember } from '../model/bonds.ts'
import type { Interfaces } from '../model/interfaces.ts'
import type { BuiltIn, BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface Create {
  readonly id: number
  readonly mode: number
  readonly lb: number
  readonly numaOnly: boolean
  readonly useCustomMac: boolean
  readonly macAddress: string
}

interface OfMember {
  readonly swIfIndex: number
  readonly bondSwIfIndex: number
  readonly isPassive: boolean
  readonly isLongTimeout: boolean
}

const create: BuiltIn = (
  { id, mode, lb, numaOnly, useCustomMac, macAddress }: Create,
  { model: { bonds } },
) =>
  orRefuse({ swIfIndex: 0 }, () => {
    const mac = useCustomMac ? macAddress : undefined
    return { swIfIndex: bonds.add({ id: id === NONE ? undefined : id, mode, lb, numaOnly, mac }).swIfIndex }
  })

const addMember: BuiltIn = (request: OfMember, { model: { bonds } }) => {
  bonds.addMember(request.bondSwIfIndex, request.swIfIndex, request)
  return DONE
}

const detach: BuiltIn = ({ swIfIndex }: OfMember, { model: { bonds } }) => {
  bonds.detach(swIfIndex)
  return DONE
}

function detailsOf({ swIfIndex, id, mode, lb, numaOnly }: Bond, interfaces: Interfaces): object {
  return { swIfIndex, id, mode, lb, numaOnly, interfaceName: interfaces.get(swIfIndex).name }
}

function memberDetailsOf(
  { swIfIndex, isPassive, isLongTimeout, weight }: BondMember,
  interfaces: Interfaces,
): object {
  const interfaceName = interfaces.get(swIfIndex).name
  return { swIfIndex, interfaceName, isPassive, isLongTimeout, isLocalNuma: false, weight }
}

const dumpMembers: BuiltIn = (request: { swIfIndex: number }, { model: { bonds, interfaces } }) =>
  [...bonds]
    .filter(({ swIfIndex }) => request.swIfIndex === NONE || swIfIndex === request.swIfIndex)
    .flatMap(({ members }) => members.map((member) => memberDetailsOf(member, interfaces)))

/** Bonds and their members. */
export const bond: BuiltIns = {
  bond_create: create,
  bond_create2: create,
  bond_add_member: addMember,
  bond_enslave: addMember,
  bond_detach_member: detach,
  bond_detach_slave: detach,

  bond_delete: ({ swIfIndex }: OfMember, { model: { bonds } }) => {
    bonds.delete(swIfIndex)
    return DONE
  },

  sw_interface_set_bond_weight: (
    { swIfIndex, weight }: { swIfIndex: number; weight: number },
    { model: { bonds } },
  ) => {
    bonds.setWeight(swIfIndex, weight)
    return DONE
  },

  sw_interface_bond_dump: (_request, { model: { bonds, interfaces } }) =>
    [...bonds].map((it) => ({
      ...detailsOf(it, interfaces),
      activeSlaves: bonds.activeMembers(it).length,
      slaves: it.members.length,
    })),

  sw_bond_interface_dump: (request: { swIfIndex: number }, { model: { bonds, interfaces } }) =>
    [...bonds]
      .filter(({ swIfIndex }) => request.swIfIndex === NONE || swIfIndex === request.swIfIndex)
      .map((it) => ({
        ...detailsOf(it, interfaces),
        activeMembers: bonds.activeMembers(it).length,
        members: it.members.length,
      })),

  sw_interface_slave_dump: dumpMembers,
  sw_member_interface_dump: dumpMembers,
}
