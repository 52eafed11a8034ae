import { RetvalError } from '../errors.ts'
import { Pool } from './pool.ts'

/** A static mapping of NAT44 as it is asked for, by the names of the API. */
export interface StaticMapping {
  readonly flags: number
  readonly localIpAddress: string
  readonly externalIpAddress: string
  readonly protocol: number
  readonly localPort: number
  readonly externalPort: number
  readonly externalSwIfIndex: number
  readonly vrfId: number
  readonly tag: string
}

/** Keeps tables that NAT uses. */
export interface NatTables {
  /** One more use of an IPv4 table, which is made when there is none. */
  use(tableId: number): void
  /** One use fewer. */
  release(tableId: number): void
  /** Whether there is such a table. */
  has(tableId: number): boolean
}

/** A server behind a mapping that balances load. */
export interface Backend {
  readonly addr: string
  readonly port: number
  readonly probability: number
  readonly vrfId: number
}

/** A mapping that VPP has. */
export interface Mapping extends Omit<StaticMapping, 'externalSwIfIndex'> {
  readonly kind: 'static' | 'identity' | 'balanced'
  /** Servers, or the tables of an identity mapping. */
  readonly locals: Pool<Backend>
  readonly affinity: number
}

/** A mapping to whatever address an interface has. */
interface ToResolve extends StaticMapping {
  readonly isIdentity: boolean
  isResolved: boolean
}

/** `NAT_IS_…`; the second one has its number in both modes. */
const OUT_TO_IN_ONLY = 4
export const ADDRESS_ONLY = 8
export const NONE = 0xffff_ffff

/** In what the two modes of NAT44 differ. */
export interface MappingRules {
  /** Table of a mapping that names none. */
  insideVrf(): number
  /** Called before a mapping is made. @throws RetvalError when it cannot be */
  reserve?(mapping: Mapping): void
  /** Called before a mapping goes. @throws RetvalError when it cannot */
  free?(mapping: Mapping): void
  /** A mapping was made or has gone. */
  changed?(mapping: Mapping, isAdd: boolean): void
  /** Whether deleting what is not there succeeds for mappings to an interface. */
  readonly forgives: boolean
  /** Whether a refused mapping to the address of an interface leaves nothing behind. */
  readonly forgets: boolean
}

/** Static mappings of NAT44. */
export class StaticMappings {
  readonly #tables: NatTables
  readonly #rules: MappingRules
  readonly #firstAddress: (swIfIndex: number) => string | undefined
  #mappings = new Pool<Mapping>()
  /** By what packets from outside are looked up with: index of the mapping. */
  readonly #outside = new Map<string, number>()
  /** By what packets from inside are looked up with. */
  readonly #inside = new Set<string>()
  #toResolve: ToResolve[] = []

  constructor(
    tables: NatTables,
    rules: MappingRules,
    firstAddress: (swIfIndex: number) => string | undefined,
  ) {
    this.#tables = tables
    this.#rules = rules
    this.#firstAddress = firstAddress
  }

  [Symbol.iterator](): Iterator<Mapping> {
    return this.#mappings[Symbol.iterator]()
  }

  get toResolve(): readonly Readonly<ToResolve>[] {
    return this.#toResolve
  }

  /** @throws RetvalError -81 when packets from outside or from inside match another one already */
  add(asked: StaticMapping, isIdentity: boolean): void {
    if (asked.externalSwIfIndex === NONE) return this.#add(asked, isIdentity)
    if (this.#recordOf(asked, isIdentity) >= 0) throw new RetvalError('VALUE_EXIST')
    const record: ToResolve = { ...asked, isIdentity, isResolved: false }
    this.#toResolve.push(record)
    const address = this.#firstAddress(asked.externalSwIfIndex)
    if (address === undefined) return
    record.isResolved = true
    try {
      this.#add({ ...asked, externalIpAddress: address }, isIdentity)
    } catch (error) {
      if (this.#rules.forgets) this.#dropRecord(this.#toResolve.indexOf(record))
      throw error
    }
  }

  /** @throws RetvalError -6 when there is none */
  remove(asked: StaticMapping, isIdentity: boolean): void {
    if (asked.externalSwIfIndex === NONE) return this.#remove(asked, isIdentity)
    const index = this.#recordOf(asked, isIdentity)
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    this.#dropRecord(index)
    const address = this.#firstAddress(asked.externalSwIfIndex)
    if (address === undefined) return
    if (this.#rules.forgives && this.find(address, asked) === undefined) return
    this.#remove({ ...asked, externalIpAddress: address }, isIdentity)
  }

  /** Adds one that balances load; nothing of it is looked at. */
  addBalanced(mapping: Mapping): void {
    this.#put(mapping)
    const { flags, protocol } = mapping
    for (const { addr, port, vrfId } of mapping.locals) {
      this.#tables.use(vrfId)
      // VPP looks them up in the first table, whatever theirs is.
      if ((flags & OUT_TO_IN_ONLY) === 0) this.#inside.add(insideKey(addr, port, protocol, 0))
    }
  }

  /** Takes one away that balances load. */
  removeBalanced(mapping: Mapping, flags: number): void {
    this.#drop(mapping)
    for (const { addr, port, vrfId } of mapping.locals) {
      this.#tables.release(vrfId)
      if ((flags & OUT_TO_IN_ONLY) === 0) this.#inside.delete(insideKey(addr, port, mapping.protocol, vrfId))
    }
  }

  /** Adds a server. */
  addBackend({ locals, flags, protocol }: Mapping, backend: Backend): void {
    this.#tables.use(backend.vrfId)
    locals.add(() => backend)
    if ((flags & OUT_TO_IN_ONLY) === 0)
      this.#inside.add(insideKey(backend.addr, backend.port, protocol, backend.vrfId))
  }

  /** Takes a server away. */
  removeBackend({ locals, flags, protocol }: Mapping, backend: Backend): void {
    this.#tables.release(backend.vrfId)
    locals.delete(locals.indexOf((it) => it === backend) ?? -1)
    if ((flags & OUT_TO_IN_ONLY) === 0)
      this.#inside.delete(insideKey(backend.addr, backend.port, protocol, backend.vrfId))
  }

  /** The mapping of an outside. */
  find(
    externalIpAddress: string,
    { flags, externalPort, protocol }: Pick<StaticMapping, 'flags' | 'externalPort' | 'protocol'>,
  ): Mapping | undefined {
    const isPort = (flags & ADDRESS_ONLY) === 0
    const key = outsideKey(externalIpAddress, isPort ? externalPort : 0, isPort ? protocol : 0)
    const index = this.#outside.get(key)
    return index === undefined ? undefined : this.#mappings.get(index)
  }

  /** Takes away all of an outside address, whatever it is. */
  removeOutside(address: string): void {
    for (const mapping of this.#mappings) {
      if (mapping.externalIpAddress !== address) continue
      const asked = { ...mapping, externalSwIfIndex: NONE }
      try {
        this.#remove(asked, mapping.kind === 'identity')
      } catch (error) {
        // VPP does not look at the answer.
        if (!(error instanceof RetvalError)) throw error
      }
    }
  }

  /** Mappings to an interface take an address that it has got; `skips` those that do not. */
  resolve(swIfIndex: number, address: string, skips: (record: StaticMapping) => boolean = () => false): void {
    for (const record of this.#toResolve) {
      if (record.externalSwIfIndex !== swIfIndex || record.isResolved || skips(record)) continue
      try {
        this.#add({ ...record, externalIpAddress: address }, record.isIdentity)
        record.isResolved = true
      } catch (error) {
        if (!(error instanceof RetvalError)) throw error
      }
    }
  }

  /** An interface has lost an address. */
  unresolve(swIfIndex: number, address: string): void {
    for (const record of this.#toResolve) {
      if (record.externalSwIfIndex !== swIfIndex || !record.isResolved) continue
      try {
        this.#remove({ ...record, externalIpAddress: address }, record.isIdentity)
        record.isResolved = false
      } catch (error) {
        if (!(error instanceof RetvalError)) throw error
      }
    }
  }

  /** Mappings to an interface are no longer waited for. */
  forgetRecords(swIfIndex: number): void {
    this.#toResolve = this.#toResolve.filter((it) => it.externalSwIfIndex !== swIfIndex)
  }

  /** Marks all to an interface as waiting for an address. */
  wait(swIfIndex: number): void {
    for (const record of this.#toResolve)
      if (record.externalSwIfIndex === swIfIndex) record.isResolved = false
  }

  /** Forgets everything; tables of balanced ones stay in use, as in VPP. */
  clear(): void {
    for (const { kind, locals, vrfId } of this.#mappings) {
      if (kind === 'identity') for (const local of locals) this.#tables.release(local.vrfId)
      if (kind === 'static') this.#tables.release(vrfId)
    }
    this.#mappings = new Pool()
    this.#outside.clear()
    this.#inside.clear()
    this.#toResolve = []
  }

  #add(asked: StaticMapping, isIdentity: boolean): void {
    const settled = settledOf(asked, isIdentity)
    const { flags, localIpAddress, localPort, protocol } = settled
    const known = this.find(settled.externalIpAddress, settled)
    if (known !== undefined) {
      // A table more of an identity mapping.
      const isThere = known.locals.indexOf((it) => it.vrfId === settled.vrfId) !== undefined
      if (known.kind !== 'identity' || isThere) throw new RetvalError('VALUE_EXIST')
      known.locals.add(() => local(settled.vrfId))
      this.#tables.use(settled.vrfId)
      this.#inside.add(insideKey(known.localIpAddress, known.localPort, known.protocol, settled.vrfId))
      return
    }
    const vrfId = settled.vrfId === NONE ? this.#rules.insideVrf() : settled.vrfId
    this.#tables.use(vrfId)
    const inside = insideKey(localIpAddress, localPort, protocol, vrfId)
    const isOutOnly = (flags & OUT_TO_IN_ONLY) !== 0
    // VPP does not give the table back that it has taken by now.
    if (!isOutOnly && !isIdentity && this.#inside.has(inside)) throw new RetvalError('VALUE_EXIST')
    const locals = new Pool<Backend>()
    if (isIdentity) locals.add(() => local(vrfId))
    const kind = isIdentity ? 'identity' : 'static'
    const mapping: Mapping = { ...settled, vrfId, kind, locals, affinity: 0 }
    this.#rules.reserve?.(mapping)
    this.#put(mapping)
    if (!isOutOnly) this.#inside.add(inside)
    this.#rules.changed?.(mapping, true)
  }

  #remove(asked: StaticMapping, isIdentity: boolean): void {
    const settled = settledOf(asked, isIdentity)
    const known = this.find(settled.externalIpAddress, settled)
    if (known === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    let { vrfId } = known
    if (isIdentity) {
      vrfId = settled.vrfId === NONE ? this.#rules.insideVrf() : settled.vrfId
      const index = known.locals.indexOf((it) => it.vrfId === vrfId)
      if (index === undefined) throw new RetvalError('NO_SUCH_ENTRY')
      known.locals.delete(index)
    }
    this.#rules.free?.(known)
    if ((settled.flags & OUT_TO_IN_ONLY) === 0)
      this.#inside.delete(insideKey(settled.localIpAddress, settled.localPort, settled.protocol, vrfId))
    this.#tables.release(vrfId)
    if (known.locals.indexOf(() => true) !== undefined) return
    this.#drop(known)
    this.#rules.changed?.(known, false)
  }

  #put(mapping: Mapping): void {
    this.#mappings.add((index) => {
      this.#outside.set(outsideKeyOf(mapping), index)
      return mapping
    })
  }

  #drop(mapping: Mapping): void {
    const key = outsideKeyOf(mapping)
    this.#mappings.delete(this.#outside.get(key) ?? -1)
    this.#outside.delete(key)
  }

  #recordOf(asked: StaticMapping, isIdentity: boolean): number {
    return this.#toResolve.findIndex((it) => {
      if (it.externalSwIfIndex !== asked.externalSwIfIndex || it.vrfId !== asked.vrfId) return false
      const bothIdentity = it.isIdentity && isIdentity
      if (!bothIdentity && it.localIpAddress !== asked.localIpAddress) return false
      if ((it.flags & asked.flags & ADDRESS_ONLY) !== 0) return true
      const sameLocal = bothIdentity || it.localPort === asked.localPort
      return sameLocal && it.externalPort === asked.externalPort && it.protocol === asked.protocol
    })
  }

  #dropRecord(index: number): void {
    const last = this.#toResolve.pop()
    if (last !== undefined && index < this.#toResolve.length) this.#toResolve[index] = last
  }
}

/** The table of an identity mapping. */
function local(vrfId: number): Backend {
  return { addr: '0.0.0.0', port: 0, probability: 0, vrfId }
}

/** Without what the flags make meaningless. */
function settledOf(asked: StaticMapping, isIdentity: boolean): StaticMapping {
  const isPort = (asked.flags & ADDRESS_ONLY) === 0
  const mapping = isPort ? asked : { ...asked, localPort: 0, externalPort: 0, protocol: 0 }
  if (!isIdentity) return mapping
  return { ...mapping, localIpAddress: mapping.externalIpAddress, localPort: mapping.externalPort }
}

function outsideKeyOf({ externalIpAddress, externalPort, protocol }: Mapping): string {
  return outsideKey(externalIpAddress, externalPort, protocol)
}

function outsideKey(address: string, port: number, protocol: number): string {
  return `${address} ${port} ${protocol}`
}

function insideKey(address: string, port: number, protocol: number, vrfId: number): string {
  return `${address} ${port} ${protocol} ${vrfId}`
}
