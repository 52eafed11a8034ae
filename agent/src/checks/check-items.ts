import type { AclItem } from '../kinds/acl/schema.ts'
import type { Actual, Desired, Vpp } from '../kinds/descriptor.ts'
import type { InterfaceItem } from '../kinds/interface/schema.ts'
import type { Item } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import type { RouteItem } from '../kinds/route/schema.ts'
import { familyOf } from '../model/ip.ts'
import { called, idOf, splitId, type ItemRef } from '../model/item-ref.ts'
import type { GivenItems } from '../reconcile/given-items.ts'
import { WantedObjects } from '../reconcile/wanted.ts'
import { shadowedRules } from './access-rules.ts'
import type { Finding } from './finding.ts'
import { Networks, networkOf } from './overlaps.ts'

/** A finding about an item, wherever that stands. */
export type ItemFinding = Omit<Finding, 'file' | 'line' | 'column'> & { readonly item: ItemRef }

/** Kinds of objects that only items define, so that no foreign object can satisfy a reference. */
const NAMED_BY_ITEMS: ReadonlySet<string> = new Set(['acl', 'macip-acl', 'policer'])

/** Problems of a set of items, as far as they can be determined without VPP. */
export async function checkItems(items: GivenItems, kinds: Kinds): Promise<ItemFinding[]> {
  const wanted = new WantedObjects(kinds, items)
  await wanted.takeAll()
  const found: ItemFinding[] = []
  for (const kind of kinds.objects.keys()) {
    for (const object of wanted.of(kind)) {
      found.push(...refusals(object, wanted, kinds), ...references(object, wanted, kinds))
    }
  }
  found.push(...claims(wanted, kinds), ...cycles(wanted, kinds))
  const all = Array.from(items.kept(), ({ item }) => item)
  found.push(...accessLists(ofKind<AclItem>(all, 'acl')))
  const interfaces = ofKind<InterfaceItem>(all, 'interface')
  found.push(...overlaps(interfaces), ...mtus(interfaces))
  found.push(...routes(ofKind<RouteItem>(all, 'route')))
  return found
}

function ofKind<I extends Item>(items: readonly Item[], kind: I['kind']): I[] {
  return items.filter((item): item is I => item.kind === kind)
}

function itemsOf(object: Desired, kinds: Kinds): readonly ItemRef[] {
  return kinds.object(object.kind).itemsOf(object)
}

function refusals(object: Desired, wanted: WantedObjects, kinds: Kinds): ItemFinding[] {
  const view: Pick<Vpp, 'get' | 'of'> = {
    get: <V>(kind: string, key: string) => wanted.desired<V>(kind, key) as Actual<V> | undefined,
    of: <V>(kind: string) => wanted.of(kind) as Iterable<Actual<V>>,
  }
  const why = kinds.object(object.kind).refuse?.(object.value, view)
  if (why === undefined) return []
  const remedy = 'change one of them'
  return itemsOf(object, kinds).map((item) => ({
    code: 'refused',
    severity: 'error',
    item,
    field: '',
    message: `${called(object)} would be refused: ${why}`,
    remedy,
  }))
}

function references(object: Desired, wanted: WantedObjects, kinds: Kinds): ItemFinding[] {
  const missing = kinds
    .object(object.kind)
    .dependsOn(object.value)
    .map(splitId)
    .filter(({ kind, key }) => kinds.items.has(kind) && wanted.desired(kind, key) === undefined)
  return missing.flatMap((ref) =>
    itemsOf(object, kinds).map((item): ItemFinding => {
      const isNamed = NAMED_BY_ITEMS.has(ref.kind)
      const message = isNamed
        ? `${called(item)} needs ${called(ref)}, which no item declares`
        : `${called(item)} needs ${called(ref)}, which no item declares; somebody else has to make it in VPP`
      const remedy =
        ref.kind === 'interface'
          ? 'declare it, with type "existing" when VPP has it, or correct the name'
          : 'declare it, or correct the name'
      const severity = isNamed ? 'error' : 'warning'
      return { code: 'reference', severity, item, field: '', message, remedy }
    }),
  )
}

function claims(wanted: WantedObjects, kinds: Kinds): ItemFinding[] {
  const found: ItemFinding[] = []
  const seen = new Set<string>()
  for (const [kind, { claims: claimsOf }] of kinds.objects) {
    if (claimsOf === undefined) continue
    for (const object of wanted.of(kind)) {
      for (const claim of claimsOf(object.value)) {
        const holders = [...wanted.claimants(claim)].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
        const [first, ...others] = holders
        if (first === undefined || others.length === 0 || seen.has(claim)) continue
        seen.add(claim)
        for (const other of others) {
          for (const item of itemsOf(other, kinds)) {
            const message = `${called(other)}: ${claim} belongs to ${called(first)}`
            const remedy = 'remove it from one of them'
            found.push({ code: 'claim', severity: 'error', item, field: '', message, remedy })
          }
        }
      }
    }
  }
  return found
}

/** Dependency cycles among objects; each is reported once. */
function cycles(wanted: WantedObjects, kinds: Kinds): ItemFinding[] {
  const found: ItemFinding[] = []
  const done = new Set<string>()
  const visit = (object: Desired, path: readonly string[]): void => {
    const id = idOf(object)
    const at = path.indexOf(id)
    if (at >= 0) {
      const members = path.slice(at).map((it) => called(splitId(it)))
      const [item] = itemsOf(object, kinds)
      if (item === undefined) return
      const message = `${members.join(' needs ')} needs ${members[0] ?? ''}`
      found.push({ code: 'cycle', severity: 'error', item, field: '', message, remedy: 'break the cycle' })
      return
    }
    if (done.has(id)) return
    for (const before of kinds.object(object.kind).dependsOn(object.value).map(splitId)) {
      const next = wanted.desired(before.kind, before.key)
      if (next !== undefined) visit(next, [...path, id])
    }
    done.add(id)
  }
  for (const [kind, { leaf }] of kinds.objects)
    if (leaf !== true) for (const object of wanted.of(kind)) visit(object, [])
  return found
}

function* accessLists(lists: readonly AclItem[]): Iterable<ItemFinding> {
  for (const list of lists) {
    for (const { at, by, agrees } of shadowedRules(list)) {
      const before = by.map((it) => `rules.${it}`).join(' and ')
      const message = `${before} ${by.length > 1 ? 'match' : 'matches'} all packets of it${agrees ? ', with the same action' : ''}`
      yield {
        code: 'shadowed-rule',
        severity: 'warning',
        item: { kind: 'acl', key: list.name },
        field: `rules.${at}`,
        message,
        remedy: agrees ? 'remove it' : 'put it before them, or remove it',
      }
    }
  }
}

function* overlaps(interfaces: readonly InterfaceItem[]): Iterable<ItemFinding> {
  const tables = new Map<string, Networks<string>>()
  const all = interfaces.flatMap(({ name, addresses, table = 0 }) =>
    addresses === 'external' ? [] : addresses.map((text, at) => ({ name, text, at, table })),
  )
  // The shorter one first, so that what is around another one is known.
  all.sort((a, b) => Number(a.text.split('/')[1]) - Number(b.text.split('/')[1]))
  for (const { name, text, at, table } of all) {
    const id = `${familyOf(text)}/${table}`
    const networks = tables.get(id) ?? new Networks<string>()
    tables.set(id, networks)
    const network = networkOf(text)
    const other = networks.add(network, name) ?? networks.around(network)
    if (other === undefined || other === name) continue
    yield {
      code: 'overlap',
      severity: 'warning',
      item: { kind: 'interface', key: name },
      field: `addresses.${at}`,
      message: `${network} overlaps with a network of interface ${JSON.stringify(other)} in table ${table}`,
      remedy: 'use another network, or another table',
    }
  }
}

/** The longest packet that an interface takes, where an item says it. */
function linkOf(it: InterfaceItem): number | undefined {
  return 'linkMtu' in it ? it.linkMtu : undefined
}

function* mtus(interfaces: readonly InterfaceItem[]): Iterable<ItemFinding> {
  const byName = new Map(interfaces.map((it) => [it.name, it]))
  for (const it of interfaces) {
    const item = { kind: 'interface', key: it.name }
    const link = linkOf(it)
    if (it.mtu !== undefined && link !== undefined && it.mtu > link) {
      const message = `an mtu of ${it.mtu} is more than the linkMtu of ${link}`
      yield {
        code: 'mtu',
        severity: 'warning',
        item,
        field: 'mtu',
        message,
        remedy: 'lower it, or raise linkMtu',
      }
    }
    if (it.type === 'vlan' && it.mtu !== undefined) {
      const parent = byName.get(it.parent)
      const most = parent === undefined ? undefined : (parent.mtu ?? linkOf(parent))
      if (most !== undefined && it.mtu > most) {
        const message = `an mtu of ${it.mtu} is more than the ${most} of its parent ${JSON.stringify(it.parent)}`
        yield {
          code: 'mtu',
          severity: 'warning',
          item,
          field: 'mtu',
          message,
          remedy: 'lower it, or raise that of the parent',
        }
      }
    }
    if (it.type === 'bond' && link !== undefined) {
      for (const [at, { interface: name }] of it.members.entries()) {
        const member = byName.get(name)
        const most = member === undefined ? undefined : linkOf(member)
        if (most === undefined || most >= link) continue
        const message = `member ${JSON.stringify(name)} has a linkMtu of ${most}, less than the ${link} of the bond`
        const remedy = 'raise that of the member'
        yield { code: 'mtu', severity: 'warning', item, field: `members.${at}`, message, remedy }
      }
    }
  }
}

function* routes(all: readonly RouteItem[]): Iterable<ItemFinding> {
  const tables = new Map<string, Networks<RouteItem>>()
  for (const route of all) {
    const id = `${familyOf(route.prefix)}/${route.table}`
    const networks = tables.get(id) ?? new Networks<RouteItem>()
    tables.set(id, networks)
    networks.add(route.prefix, route)
  }
  for (const route of all) {
    const around = tables.get(`${familyOf(route.prefix)}/${route.table}`)?.around(route.prefix)
    if (around === undefined || whereTo(around) !== whereTo(route)) continue
    yield {
      code: 'redundant-route',
      severity: 'warning',
      item: { kind: 'route', key: `${route.table}/${route.prefix}` },
      field: 'prefix',
      message: `the route to ${around.prefix} leads there as well`,
      remedy: 'remove it, unless the shorter one may go',
    }
  }
}

function whereTo({ paths, drop, reject, local }: RouteItem): string {
  return JSON.stringify([paths, drop, reject, local])
}
