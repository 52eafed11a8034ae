import { z } from 'zod'
import type { ItemRef } from '../model/item-ref.ts'
import type { AnyItem, ItemDescriptor, ObjectDescriptor } from './descriptor.ts'

/** Everything that is known by kind. All lists by kind follow from the descriptors that it is made with. */
export class Kinds {
  readonly items: ReadonlyMap<string, ItemDescriptor>
  /** Kinds of objects, each after those that its look needs. */
  readonly objects: ReadonlyMap<string, ObjectDescriptor>

  /** @throws TypeError when two descriptors have one name, or a look needs a kind without a descriptor */
  constructor(descriptors: readonly ItemDescriptor[]) {
    const items = new Map<string, ItemDescriptor>()
    const objects = new Map<string, ObjectDescriptor>()
    for (const item of descriptors) {
      if (items.has(item.kind)) throw new TypeError(`two descriptors are of kind "${item.kind}"`)
      items.set(item.kind, item)
      for (const object of item.objects) {
        if ((objects.get(object.kind) ?? object) !== object) {
          throw new TypeError(`two descriptors are of the kind of objects "${object.kind}"`)
        }
        objects.set(object.kind, object)
      }
    }
    this.items = items
    this.objects = inLookOrder(objects)
  }

  /** All kinds of several lists. @throws TypeError when two of them describe one kind in different ways */
  static of(lists: Iterable<Kinds>): Kinds {
    const all = new Set<ItemDescriptor>()
    for (const { items } of lists) for (const item of items.values()) all.add(item)
    return new Kinds([...all])
  }

  /** @throws TypeError for a kind that is not described */
  item(kind: string): ItemDescriptor {
    const descriptor = this.items.get(kind)
    if (descriptor === undefined) throw new TypeError(`there is no kind "${kind}"`)
    return descriptor
  }

  /** @throws TypeError for a kind that is not described */
  object(kind: string): ObjectDescriptor {
    const descriptor = this.objects.get(kind)
    if (descriptor === undefined) throw new TypeError(`there is no object kind "${kind}"`)
    return descriptor
  }

  /** The schema of an item of any kind. */
  get itemSchema(): z.ZodType<AnyItem> {
    return z.union(Array.from(this.items.values(), ({ schema }) => schema))
  }

  refOf(item: AnyItem): ItemRef {
    const { kind, keyOf } = this.item(item.kind)
    return { kind, key: keyOf(item) }
  }

  /** Kinds whose look asks VPP, by rounds: those of one round do not need one another. */
  rounds(of: Iterable<string> = this.objects.keys()): string[][] {
    const wanted = new Set(of)
    const rounds: string[][] = []
    const at = new Map<string, number>()
    for (const [kind, { lookAfter = [] }] of this.objects) {
      if (!wanted.has(kind)) continue
      const round = Math.max(-1, ...lookAfter.map((before) => at.get(before) ?? -1)) + 1
      at.set(kind, round)
      rounds[round] = [...(rounds[round] ?? []), kind]
    }
    return rounds
  }
}

function inLookOrder(objects: ReadonlyMap<string, ObjectDescriptor>): Map<string, ObjectDescriptor> {
  const ordered = new Map<string, ObjectDescriptor>()
  const visit = (kind: string, path: readonly string[]): void => {
    if (ordered.has(kind)) return
    const descriptor = objects.get(kind)
    if (descriptor === undefined)
      throw new TypeError(`the look at ${path.join(', ')} needs "${kind}", which has no descriptor`)
    if (path.includes(kind))
      throw new TypeError(`circular dependency of looks: ${[...path, kind].join(', ')}`)
    for (const before of descriptor.lookAfter ?? []) visit(before, [...path, kind])
    ordered.set(kind, descriptor)
  }
  for (const kind of objects.keys()) visit(kind, [])
  return ordered
}
