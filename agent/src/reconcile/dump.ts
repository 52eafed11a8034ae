import type { RpcConnection } from '@vpp-ts/runtime'
import type { Actual, AnyItem, Desired, FoundView, WantedView } from '../kinds/descriptor.ts'
import type { Item } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { called, idOf, splitId, type ItemRef } from '../model/item-ref.ts'
import { RefMap, RefSet } from '../model/ref-map.ts'
import { inTurns } from '../model/turns.ts'
import { lookAt } from '../observed/look.ts'
import { Observed } from '../observed/observed.ts'
import { Comparison } from './difference.ts'
import { GivenItems } from './given-items.ts'
import { WantedObjects, type ObjectRef } from './wanted.ts'

/** Something in VPP that no item says. */
export interface NotDumped extends ItemRef {
  readonly reason: string
  /** It carries the agent's mark, so that an agent removes it unless it is declared. */
  readonly isOwn: boolean
}

/** An object that is not known to be the agent's. */
export interface Strange extends ObjectRef {
  /** Items that it is part of. */
  readonly items: readonly ItemRef[]
}

/** What VPP has, as items. */
export interface Dump {
  /** In the order of kinds and keys, each as short as it can be written. */
  readonly items: readonly Readonly<Record<string, unknown>>[]
  readonly leftOut: readonly NotDumped[]
  /** Objects of these items that are not known to be the agent's: those that taking over writes down. */
  readonly strange: readonly Strange[]
}

/** What a dump works with. */
export interface DumpParts {
  readonly kinds: Kinds
  readonly connection: RpcConnection
  /** See `Vpp.identity`. */
  readonly identity: string
  /** What is declared, and written down. */
  readonly wanted: WantedView
  /** Items for what VPP does not report of them, as secrets. */
  readonly given?: readonly Item[] | undefined
  /** Only items of these kinds; default: of all. */
  readonly only?: ReadonlySet<string> | undefined
}

/**
 * What VPP has as items that change nothing when they are declared and taken over. Asks VPP, and changes nothing.
 * @throws VppError when VPP cannot be asked
 */
export async function dumpOf(parts: DumpParts): Promise<Dump> {
  const { wanted, kinds } = parts
  const found = await look(parts, new AsOwn(kinds, wanted))
  const known = await look(parts, wanted)
  return await new Dumping(parts, found, known).run()
}

async function look({ kinds, connection, identity }: DumpParts, wanted: WantedView): Promise<Observed> {
  const observed = new Observed(connection, identity)
  const { failed } = await lookAt(observed, kinds, kinds.objects.keys(), wanted, { foreign: true })
  const [first] = failed
  if (first !== undefined) throw first.error
  return observed
}

/** What is wanted, as if the agent had recorded that it made everything, and had adopted every interface. */
class AsOwn implements WantedView {
  readonly #kinds: Kinds
  readonly #wanted: WantedView

  constructor(kinds: Kinds, wanted: WantedView) {
    this.#kinds = kinds
    this.#wanted = wanted
  }

  desired<V>(kind: string, key: string): Desired<V> | undefined {
    return this.#wanted.desired<V>(kind, key)
  }

  count(kind: string): number {
    return this.#wanted.count(kind)
  }

  items<I extends AnyItem>(kind: string): Iterable<I> {
    return this.#wanted.items<I>(kind)
  }

  item<I extends AnyItem>(ref: ItemRef): I | undefined {
    const declared = this.#wanted.item<I>(ref)
    if (declared !== undefined || ref.kind !== 'interface') return declared
    const existing = { kind: 'interface', type: 'existing', name: ref.key }
    return this.#kinds.items.get('interface')?.schema.safeParse(existing).data as I | undefined
  }

  gone<I extends AnyItem>(kind: string): Iterable<I> {
    return this.#wanted.gone<I>(kind)
  }

  made(kind: string, key: string): boolean | undefined {
    return this.#kinds.object(kind).untold === true ? this.#wanted.made(kind, key) : true
  }

  hasMade(): boolean {
    return true
  }

  owns(): boolean {
    return true
  }
}

/** One dump. */
class Dumping {
  readonly #parts: DumpParts
  /** As if all were the agent's, and as it is. */
  readonly #found: Observed
  readonly #known: Observed
  readonly #leftOut: NotDumped[] = []
  readonly #written = new RefMap<string, Readonly<Record<string, unknown>>>()
  readonly #items: GivenItems
  /** Items given by the caller, by id. */
  readonly #hints: ReadonlyMap<string, Item>

  constructor(parts: DumpParts, found: Observed, known: Observed) {
    this.#parts = parts
    this.#found = found
    this.#known = known
    const { kinds, given = [] } = parts
    this.#items = new GivenItems(kinds)
    this.#hints = new Map(given.map((item) => [idOf(kinds.refOf(item)), item]))
  }

  async run(): Promise<Dump> {
    const { kinds, only } = this.#parts
    const view = this.#view()
    for (const { kind, dump } of kinds.items.values()) {
      if (only?.has(kind) === false) continue
      if (typeof dump === 'function') await inTurns(dump(view), (it) => this.#take(kind, it))
      else this.#leftOut.push({ kind, key: '', reason: dump.none, isOwn: false })
    }
    const wanted = await this.#settle()
    const strange = await this.#strangeIn(wanted)
    const items: Readonly<Record<string, unknown>>[] = []
    for (const kind of kinds.items.keys()) {
      const some = [...this.#items.kept()].filter(({ ref }) => ref.kind === kind)
      for (const { ref } of some.sort((a, b) => inOrder(a.ref.key, b.ref.key))) {
        const written = this.#written.get(ref.kind, ref.key)
        if (written !== undefined) items.push(written)
      }
    }
    return { items, leftOut: this.#leftOut, strange }
  }

  #view(): FoundView {
    const found = this.#found
    const { wanted } = this.#parts
    return {
      *of<V>(kind: string): Iterable<Actual<V>> {
        for (const object of found.of<V>(kind)) if (object.foreign !== true) yield object
      },
      all: (kind) => found.of(kind),
      get: (kind, key) => found.get(kind, key),
      declared: (ref) => wanted.item(ref),
      given: <I extends AnyItem>(ref: ItemRef) => this.#hints.get(idOf(ref)) as I | undefined,
      leaveOut: ({ kind, key }, reason, isOwn = false) => {
        this.#leftOut.push({ kind, key, reason, isOwn })
      },
    }
  }

  #take(kind: string, written: object): void {
    const { kinds } = this.#parts
    const { schema, secrets = [] } = kinds.item(kind)
    const read = schema.safeParse(written)
    if (read.success) {
      const ref = kinds.refOf(read.data)
      if (this.#items.add(read.data as Item, 'vpp')) {
        const hidden = this.#hints.has(idOf(ref)) ? [] : secrets
        this.#written.set(ref.kind, ref.key, writtenAs(written, read.data, hidden))
      }
      return
    }
    const issues = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    this.#leftOut.push({ kind, key: JSON.stringify(written), reason: issues.join('; '), isOwn: false })
  }

  /** Leaves out items that would change something, until none does. */
  async #settle(): Promise<WantedObjects> {
    const { kinds } = this.#parts
    for (;;) {
      const wanted = new WantedObjects(kinds, this.#items)
      await wanted.takeAll()
      const wrong = await this.#wrongIn(wanted)
      if (wrong.length === 0) return wanted
      for (const out of wrong) {
        if (!this.#items.has(out)) continue
        this.#items.delete(out)
        this.#leftOut.push(out)
      }
    }
  }

  async #wrongIn(wanted: WantedObjects): Promise<NotDumped[]> {
    const { kinds } = this.#parts
    const released = new RefSet()
    const parts = { kinds, wanted, observed: this.#found, state: this.#items, released }
    const comparison = new Comparison(parts)
    const wrong: NotDumped[] = []
    const add = (object: Desired | Actual, reason: string): void => {
      for (const ref of kinds.object(object.kind).itemsOf(object)) {
        if (this.#items.has(ref))
          wrong.push({ kind: ref.kind, key: ref.key, reason, isOwn: this.#isOwn(ref) })
      }
    }
    for (const kind of kinds.objects.keys()) {
      await inTurns(wanted.of(kind), (object) => {
        const result = comparison.compare(object)
        if (result !== undefined) add(object, reasonOf(object, result))
        const missing = this.#renamedIn(wanted, object)
        if (missing !== undefined) add(object, `it needs ${called(missing)}, which is left out`)
      })
      // Of an interface, and of what can be recorded, only what is declared becomes the agent's.
      const { recorded, adoptable } = kinds.object(kind)
      if (recorded !== undefined || adoptable === true) continue
      await inTurns(this.#found.of(kind), (object) => {
        if (object.foreign === true || wanted.desired(kind, object.key) !== undefined) return
        const refs = kinds.object(kind).itemsOf(object)
        if (refs.some((ref) => ref.kind !== 'interface' && ref.kind !== kind && kinds.objects.has(ref.kind)))
          add(object, `${called(object)} belongs to it, and no item says it`)
      })
    }
    return wrong
  }

  /** Whether an agent treats the object of an item as its own although it is not declared. */
  #isOwn({ kind, key }: ItemRef): boolean {
    return this.#known.get(kind, key)?.foreign === false
  }

  /** Something that an object needs, that has its name only once it is taken over, and is not. */
  #renamedIn(wanted: WantedObjects, { kind, value }: Desired): ObjectRef | undefined {
    return this.#parts.kinds
      .object(kind)
      .dependsOn(value)
      .map(splitId)
      .find(
        (ref) =>
          this.#found.has(ref.kind, ref.key) &&
          !this.#known.has(ref.kind, ref.key) &&
          wanted.desired(ref.kind, ref.key) === undefined,
      )
  }

  /** Objects that are not known to be the agent's, of kinds of which that can be recorded. */
  async #strangeIn(wanted: WantedObjects): Promise<Strange[]> {
    const strange: Strange[] = []
    for (const [kind, { recorded, adoptable, itemsOf }] of this.#parts.kinds.objects) {
      if (recorded === undefined && adoptable !== true) continue
      await inTurns(wanted.of(kind), ({ key, value }) => {
        const known = this.#known.get(kind, key)
        const isOwn = known !== undefined && known.foreign !== true
        const isWritten = adoptable === true || recorded?.(value, this.#found) === true
        if (!isOwn && isWritten) strange.push({ kind, key, items: itemsOf({ kind, key, value }) })
      })
    }
    return strange
  }
}

/** The reported fields, in the order of the schema, which is that of parsed items. */
function writtenAs(
  written: object,
  read: AnyItem,
  hidden: readonly string[],
): Readonly<Record<string, unknown>> {
  const order = new Map(Object.keys(read).map((name, at) => [name, at]))
  const said = Object.entries(written).filter(([name]) => !hidden.includes(name))
  const placeOf = (name: string): number => (name === 'type' ? 0.5 : (order.get(name) ?? order.size))
  return Object.fromEntries(said.sort(([a], [b]) => placeOf(a) - placeOf(b)))
}

function reasonOf(object: Desired, result: NonNullable<ReturnType<Comparison['compare']>>): string {
  if ('message' in result) return result.message
  const verbs = { create: 'make', update: 'change', replace: 'replace', delete: 'remove' } as const
  return `VPP has it in a way that no item says: an apply would ${verbs[result.action]} ${idOf(object)}`
}

/** In the order of numbers where keys begin with some. */
function inOrder(a: string, b: string): number {
  const numbers = Number.parseInt(a, 10) - Number.parseInt(b, 10)
  if (numbers !== 0 && !Number.isNaN(numbers)) return numbers
  return a < b ? -1 : 1
}
