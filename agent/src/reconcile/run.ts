import { VppApiError, VppError, VppMessageUnavailableError } from '@vpp-ts/runtime'
import type { Kinds } from '../kinds/kinds.ts'
import { ForeignError } from '../kinds/foreign-error.ts'
import { MissingError } from '../kinds/missing-error.ts'
import { AgentError } from '../model/errors.ts'
import { called, idOf, splitId, type ItemRef } from '../model/item-ref.ts'
import { Turns, inTurns } from '../model/turns.ts'
import { isConnectionLost } from '../observed/look.ts'
import type { Observed } from '../observed/observed.ts'
import type { ItemError } from '../status/item-status.ts'
import type { Change } from './difference.ts'
import { circleAmong, type Graph, type Step } from './graph.ts'
import type { Problem } from './problems.ts'

/** Outcome of a change. */
export interface Outcome {
  readonly change: Change
  readonly result: 'applied' | Problem['state']
  readonly error: ItemError | undefined
  /** Id of what is missing. */
  readonly missing: string | undefined
  /** VPP may have done anything or nothing: it has to be asked. */
  readonly unknown: boolean
}

/** How the steps of a graph are made. */
export interface Performer {
  /** Asked before every request; throws to stop. */
  readonly mayGoOn: () => void
  /** Makes a step. @returns VPP's index of what was made */
  perform(step: Step): Promise<number | undefined>
  /** The plugin that an object could not be made without before; undefined when it was none. */
  pluginMissingFor?(object: ItemRef): string | undefined
}

/** Requests that are under way at once: enough to keep VPP busy, few enough to stop quickly. */
const LANES = 512

/** Makes the changes of a graph, many at once. What is observed follows. */
export class Run {
  readonly #kinds: Kinds
  readonly #observed: Observed
  readonly #graph: Graph
  readonly #performer: Performer
  readonly #outcomes: Outcome[] = []
  /** Objects that could not be taken away, or whose dependants could not. */
  readonly #stuck = new Set<Change>()
  /** Steps that can begin, in order, of each phase. */
  readonly #ready = { remove: new Queue<Step>(), make: new Queue<Step>() }
  /** What could not be taken away, by what has to stay with it. */
  readonly #heldBy = new Map<Change, Change>()
  readonly #unfinished = new Set<Step>()
  /** Plugins that VPP lacks, by id of what could not be made. */
  readonly #lacking = new Map<string, string>()
  #stopped: { readonly reason: unknown } | undefined

  constructor(kinds: Kinds, observed: Observed, graph: Graph, performer: Performer) {
    this.#kinds = kinds
    this.#observed = observed
    this.#graph = graph
    this.#performer = performer
  }

  /** @throws VppError when the connection is lost, or what `mayGoOn` throws */
  async all(): Promise<Outcome[]> {
    await inTurns(this.#graph.steps(), (step) => {
      if (step.pending === 0) this.#ready[step.phase].add(step)
      else this.#unfinished.add(step)
    })
    let underWay = 0
    let wake: (() => void) | undefined
    const turns = new Turns()
    for (;;) {
      while (underWay < LANES && this.#stopped === undefined) {
        // Removals are asked for before everything else that could be.
        const step = this.#ready.remove.take() ?? this.#ready.make.take()
        if (step === undefined) break
        underWay++
        void this.#make(step).finally(() => {
          underWay--
          wake?.()
        })
        if (turns.over) await turns.next()
      }
      if (underWay === 0) break
      await new Promise<void>((resolve) => (wake = resolve))
    }
    if (this.#stopped !== undefined) throw this.#stopped.reason
    if (this.#unfinished.size > 0) this.#reportCircle()
    return this.#outcomes
  }

  async #make(step: Step): Promise<void> {
    try {
      const outcome = step.phase === 'remove' ? await this.#remove(step) : await this.#create(step)
      if (outcome !== undefined) this.#outcomes.push(outcome)
      const isHeld = step.phase === 'make' && step.change.action === 'update' && outcome?.result !== 'applied'
      if (isHeld) await this.#letGo(step)
    } catch (error) {
      this.#stopped ??= { reason: error }
      return
    }
    const isStuck =
      this.#stuck.has(step.change) && (step.phase === 'remove' || step.change.action === 'update')
    for (const next of step.next ?? []) {
      if (isStuck && next.phase === 'remove') this.#heldBy.set(next.change, step.change)
      next.pending--
      if (next.pending > 0) continue
      this.#unfinished.delete(next)
      this.#ready[next.phase].add(next)
    }
    step.next = undefined
  }

  async #remove(step: Step): Promise<Outcome | undefined> {
    const { change } = step
    const { kind, key } = change
    const holder = this.#heldBy.get(change)
    if (holder !== undefined) {
      this.#stuck.add(change)
      const error = { message: `waits until ${called(holder)} is gone`, code: 'MISSING' }
      return { change, result: 'waiting', error, missing: undefined, unknown: false }
    }
    this.#performer.mayGoOn()
    try {
      await this.#performer.perform(step)
    } catch (error) {
      // What it was part of has gone, and took it along.
      if (!(error instanceof MissingError)) {
        this.#stuck.add(change)
        return { ...this.#outcomeOf(change, error), unknown: true }
      }
    }
    this.#observed.delete(kind, key)
    return change.action === 'delete' ? applied(change) : undefined
  }

  /** What could not be changed to depend on something else goes with what it depends on. */
  async #letGo({ change, next }: Step): Promise<void> {
    if (next?.some(({ phase }) => phase === 'remove') !== true) return
    const removal: Change = { ...change, action: 'delete', desired: undefined }
    await this.#remove({ change: removal, phase: 'remove', pending: 0, next: undefined })
    if (this.#stuck.delete(removal)) this.#stuck.add(change)
  }

  async #create(step: Step): Promise<Outcome | undefined> {
    const { change } = step
    const { kind, key, desired, action } = change
    if (desired === undefined || this.#stuck.has(change)) return undefined
    const missing = this.#graph.missingFor(desired)
    const descriptor = this.#kinds.object(kind)
    if (missing !== undefined) {
      const plugin = this.#lacking.get(missing) ?? this.#performer.pluginMissingFor?.(splitId(missing))
      const isItsOwn = plugin !== undefined && descriptor.plugin?.(desired.value) === plugin
      return isItsOwn ? this.#withoutPlugin(change, plugin) : waiting(change, missing)
    }
    if (action === 'create' && descriptor.isFound?.(desired.value) === true)
      return waiting(change, idOf(change))
    const reason = descriptor.refuse?.(desired.value, this.#observed)
    if (reason !== undefined) {
      const error = { message: `${action} ${called(change)}: ${reason}`, code: 'UNSUPPORTED' }
      return { change, result: 'failed', error, missing: undefined, unknown: false }
    }
    // VPP may have made it along with what it depends on.
    const brought = this.#observed.get(kind, key)
    if (action === 'create' && brought !== undefined && isSame(brought.value, desired.value))
      return applied(change)
    this.#performer.mayGoOn()
    try {
      const index = await this.#performer.perform(step)
      this.#observed.set(index === undefined ? desired : { kind, key, value: desired.value, index })
    } catch (error) {
      return this.#outcomeOf(change, error)
    }
    for (const part of descriptor.brings?.(desired.value) ?? []) {
      if (this.#observed.get(part.kind, part.key) === undefined) this.#observed.set(part)
    }
    return applied(change)
  }

  #outcomeOf(change: Change, error: unknown): Outcome {
    const plugin = missingPlugin(change, error, this.#kinds)
    return plugin === undefined ? outcomeOf(change, error, this.#kinds) : this.#withoutPlugin(change, plugin)
  }

  #withoutPlugin(change: Change, plugin: string): Outcome {
    this.#lacking.set(idOf(change), plugin)
    return withoutPlugin(change, plugin)
  }

  #reportCircle(): void {
    const members = circleAmong([...this.#unfinished])
    const message = `these depend on one another in a circle: ${members.join(', ')}`
    const reported = new Set<Change>()
    for (const { change } of this.#unfinished) {
      if (reported.has(change)) continue
      reported.add(change)
      const error = { message, code: 'CYCLE' }
      this.#outcomes.push({ change, result: 'failed', error, missing: undefined, unknown: false })
    }
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function applied(change: Change): Outcome {
  return { change, result: 'applied', error: undefined, missing: undefined, unknown: false }
}

function waiting(change: Change, missing: string): Outcome {
  const error = { message: `waits for ${called(splitId(missing))}`, code: 'MISSING' }
  return { change, result: 'waiting', error, missing, unknown: false }
}

function foreign(change: Change, { message: reason }: ForeignError): Outcome {
  const error = { message: `${change.action} ${called(change)}: ${reason}`, code: 'FOREIGN' }
  return { change, result: 'blocked', error, missing: undefined, unknown: false }
}

/** What VPP said no with: the request had no effect. */
const REFUSALS: ReadonlySet<string> = new Set([
  'VPP_API_ERROR',
  'VPP_ENCODE',
  'VPP_MESSAGE_UNAVAILABLE',
  'VPP_INVALID_ARGUMENT',
])

/** Takes an error of one object as its outcome. @throws what concerns all of them */
function outcomeOf(change: Change, error: unknown, kinds: Kinds): Outcome {
  if (isConnectionLost(error) || error instanceof AgentError) throw error
  if (error instanceof MissingError) return waiting(change, error.missing)
  if (error instanceof ForeignError) return foreign(change, error)
  const refused = error instanceof VppError && REFUSALS.has(error.code)
  const unknown = !refused || kinds.object(change.kind).composite === true
  return { change, result: 'failed', error: itemErrorOf(change, error), missing: undefined, unknown }
}

/** The plugin that VPP lacks. */
function missingPlugin({ kind, desired, actual }: Change, error: unknown, kinds: Kinds): string | undefined {
  if (!(error instanceof VppMessageUnavailableError) || error.vppCrc !== undefined) return undefined
  const object = desired ?? actual
  return object === undefined ? undefined : kinds.object(kind).plugin?.(object.value)
}

function withoutPlugin(change: Change, plugin: string): Outcome {
  const message =
    `${change.action} ${called(change)}: this VPP has not loaded the plugin ${plugin}; ` +
    `load it in VPP's startup.conf: plugins { plugin ${plugin}_plugin.so { enable } }`
  const error = { message, code: 'PLUGIN_MISSING' }
  return { change, result: 'blocked', error, missing: undefined, unknown: false }
}

function itemErrorOf(change: Change, error: unknown): ItemError {
  const text = error instanceof Error ? error.message : String(error)
  const message = `${change.action} ${called(change)}: ${text}`
  if (error instanceof VppApiError) {
    return { message, code: error.code, retval: error.retval, name: error.apiName }
  }
  return { message, code: error instanceof VppError ? error.code : 'INTERNAL' }
}

/** First in, first out. */
class Queue<T> {
  #items: T[] = []
  #head = 0

  add(item: T): void {
    this.#items.push(item)
  }

  take(): T | undefined {
    if (this.#head === this.#items.length) return undefined
    const item = this.#items[this.#head++]
    // Dropping half of it now and then costs less than dropping one each time.
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }
}
