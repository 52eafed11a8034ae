import { watch, type FSWatcher } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { FOLDER_ORIGIN, declarationList, type Declaration } from '../desired/declaration.ts'
import type { Source, SourceProblem, SourceStatus } from '../desired/source.ts'
import type { Many } from '../model/json-list.ts'
import type { Packing } from '../model/packed-map.ts'
import { PackedValues } from '../model/packed-values.ts'
import { RefMap } from '../model/ref-map.ts'
import { Turns } from '../model/turns.ts'
import type { Instance } from '../instance/instance.ts'
import type { Kinds } from '../kinds/kinds.ts'
import type { ItemRef } from '../model/item-ref.ts'
import { Bell } from '../model/bell.ts'
import { AgentError } from '../model/errors.ts'
import { itemFilesOf, readItemFile, type FileItem, type FileProblem, type ItemFile } from './item-files.ts'

/** Times of a watched folder, in milliseconds. */
export interface FolderPace {
  /** Quiet after a change before files are read: editors write in several steps. */
  readonly quiet: number
  /** Quiet before anything is removed: a writer may stop amid a file, a copy amid a folder. */
  readonly longQuiet: number
  /** Between looks that notice what no event reports: another folder of the same name, a network's file. */
  readonly lookInterval: number
}

const PACE: FolderPace = { quiet: 100, longQuiet: 1000, lookInterval: 2000 }

const READING: SourceStatus = { state: 'reading', problems: [], items: 0, conflicts: 0, since: new Date() }

/** All files of a folder, read at one time. */
interface Reading {
  /** Changes with any file. */
  readonly signature: string
  readonly items: Many<Declaration>
  readonly problems: readonly FileProblem[]
}

/**
 * A folder whose files say what one VPP should have. All files together are one change set: what is renamed or moved
 * among them changes nothing. Nothing is removed while anything cannot be read, or the folder has no files.
 */
export class WatchedFolder implements Source {
  readonly origin = FOLDER_ORIGIN
  readonly instance: string
  readonly location: string
  readonly #target: Instance
  readonly #log: Logger
  readonly #pace: FolderPace
  readonly #changed = new Bell()
  readonly #ended = new AbortController()
  readonly #running: Promise<void>
  #watcher: FSWatcher | undefined
  /** The folder that is watched, which may have been replaced by another of its name. */
  #watched = ''
  #status: SourceStatus = READING
  /** What was declared last, or, where the guard holds it, would have been. */
  #settled = ''
  #confirmed = ''
  #lastChange = performance.now()
  /** There is a reason to look again, which may have arisen while nothing waited for it. */
  #isDue = false

  constructor(folder: string, instance: Instance, log: Logger, pace: FolderPace = PACE) {
    this.#pace = pace
    this.location = folder
    this.instance = instance.name
    this.#target = instance
    this.#log = log.child({ instance: instance.name, folder })
    this.#running = this.#run()
  }

  get status(): SourceStatus {
    return this.#status
  }

  async find({ kind, key }: ItemRef): Promise<string | undefined> {
    const turns = new Turns()
    for (const name of await itemFilesOf(this.location)) {
      const { items } = await readItemFile(this.location, name, this.#target.declared.kinds)
      for (const { declaration, line } of items) {
        if (declaration.ref.kind === kind && declaration.ref.key === key) return `${name}:${line}`
        if (turns.over) await turns.next()
      }
    }
    return undefined
  }

  confirm(): boolean {
    if (this.#status.state !== 'held') return false
    this.#confirmed = this.#settled
    this.#settled = ''
    this.#lookAgain()
    return true
  }

  async close(): Promise<void> {
    this.#ended.abort()
    this.#unwatch()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended
    const { quiet } = this.#pace
    while (!signal.aborted) {
      this.#isDue = false
      try {
        await this.#look()
      } catch (error) {
        if (signal.aborted) return
        this.#settled = ''
        this.#enter('failed', [{ where: this.location, field: '', message: (error as Error).message }])
      }
      if (!this.#isDue) await this.#changed.wait(this.#pace.lookInterval, signal)
      for (let rest = this.#restOf(quiet); rest > 0 && !signal.aborted; rest = this.#restOf(quiet)) {
        await this.#changed.wait(rest, signal)
      }
    }
  }

  /** Milliseconds until nothing has changed for so long. */
  #restOf(quiet: number): number {
    return Math.max(0, this.#lastChange + quiet - performance.now())
  }

  async #look(): Promise<void> {
    await this.#watch()
    const signature = await signatureOf(this.location)
    if (signature === this.#settled) return
    const reading = await read(this.location, signature, this.#target.declared.kinds)
    if ((await signatureOf(this.location)) !== signature) this.#noticed()
    else await this.#take(reading)
  }

  async #take({ signature, items, problems }: Reading): Promise<void> {
    const whole = !problems.some(({ unreadable }) => unreadable)
    const { longQuiet } = this.#pace
    if (whole && (await this.#removesAny(items)) && this.#restOf(longQuiet) > 0) {
      await this.#changed.wait(this.#restOf(longQuiet), this.#ended.signal)
      this.#lookAgain()
      return
    }
    const told = problems.map(problemOf)
    try {
      const result = await this.#whileOpen(
        this.#target.declared.change({
          origin: this.origin,
          comment: this.location,
          put: items,
          whole,
          conflicts: 'beside',
          confirmDeletions: this.#confirmed === signature,
        }),
      )
      this.#settled = signature
      const state = whole && told.length === 0 ? 'ok' : 'partial'
      this.#enter(state, told, items.length, result.conflicts.length)
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== 'AGENT_DELETION_GUARD') throw error
      this.#settled = signature
      const held = { where: this.location, field: '', message: error.message }
      this.#enter('held', [held, ...told], items.length)
    }
  }

  /** True when the folder declares less than it did. */
  async #removesAny(items: Iterable<Declaration>): Promise<boolean> {
    const { declared } = this.#target
    const before = (await this.#whileOpen(declared.origins())).get(this.origin) ?? 0
    const turns = new Turns()
    let kept = 0
    for (const { ref } of items) {
      if (declared.state.keptOf(ref)?.origin === this.origin) kept++
      if (turns.over) await turns.next()
    }
    return kept < before
  }

  /** The store may be away for long; that must not keep the agent from ending. */
  async #whileOpen<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#ended
    const ended = new Promise<never>((_resolve, reject) => {
      const abort = (): void => reject(new AgentError('AGENT_CLOSED', 'the folder is no longer followed'))
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
      void work.finally(() => signal.removeEventListener('abort', abort)).catch(() => undefined)
    })
    return await Promise.race([work, ended])
  }

  #enter(state: SourceStatus['state'], problems: SourceStatus['problems'], items = 0, conflicts = 0): void {
    const same =
      state === this.#status.state && JSON.stringify(problems) === JSON.stringify(this.#status.problems)
    const since = same ? this.#status.since : new Date()
    this.#status = { state, problems, items, conflicts, since }
    if (same) return
    const level = state === 'ok' ? 'info' : 'error'
    this.#log[level]({ state, items, conflicts }, `folder ${state}`)
    for (const { where, field, message } of problems) {
      this.#log.error({ where, field }, `${where}: ${field === '' ? '' : `${field}: `}${message}`)
    }
  }

  #noticed(): void {
    this.#lastChange = performance.now()
    this.#lookAgain()
  }

  #lookAgain(): void {
    this.#isDue = true
    this.#changed.ring()
  }

  /** Watches the folder that has the name now. */
  async #watch(): Promise<void> {
    const { dev, ino } = await stat(this.location)
    const identity = `${dev}:${ino}`
    // Who closes has taken down the watcher that was there, and knows of no other.
    if (this.#ended.signal.aborted) return
    if (this.#watcher !== undefined && identity === this.#watched) return
    this.#unwatch()
    const watcher = watch(this.location, { persistent: false }, () => this.#noticed())
    watcher.on('error', () => {
      this.#unwatch()
      this.#noticed()
    })
    this.#watcher = watcher
    this.#watched = identity
  }

  #unwatch(): void {
    this.#watcher?.close()
    this.#watcher = undefined
  }
}

/** Changes when a file does, or the folder is another one. */
async function signatureOf(folder: string): Promise<string> {
  const names = await itemFilesOf(folder)
  const files = await Promise.all(
    names.map(async (name) => {
      try {
        const { dev, ino, size, mtimeMs, ctimeMs } = await stat(join(folder, name))
        return [name, dev, ino, size, mtimeMs, ctimeMs].join(' ')
      } catch {
        return `${name} gone`
      }
    }),
  )
  return `${folder}\n${files.join('\n')}`
}

async function read(folder: string, signature: string, kinds: Kinds): Promise<Reading> {
  const names = await itemFilesOf(folder)
  const files: ItemFile[] = []
  for (const name of names) files.push(await readItemFile(folder, name, kinds))
  const items = declarationList(kinds)
  const problems = files.flatMap((file) => file.problems)
  const places = new RefMap<string, Place>(() => placesOf())
  const turns = new Turns()
  for (const { name, items: some } of files) {
    for (const item of some) {
      const problem = doubleOf(name, item, places)
      if (problem === undefined) items.push(item.declaration)
      else problems.push(problem)
      if (turns.over) await turns.next()
    }
  }
  if (names.length === 0) {
    const message =
      'has no files: nothing is concluded from that; put a file with "items: []" there if it should declare nothing'
    problems.push({ file: '', line: undefined, column: undefined, field: '', message, unreadable: true })
  }
  return { signature, items, problems }
}

/** Where an item is declared. */
interface Place {
  readonly file: string
  readonly line: number
}

function placesOf(): Packing<Place> {
  const values = new PackedValues()
  return {
    write: (place, to) => values.write(place, to),
    read: (_key, from) => values.read(from) as Place,
  }
}

/** The first file in order keeps an item. */
function doubleOf(name: string, item: FileItem, places: RefMap<string, Place>): FileProblem | undefined {
  const { kind, key } = item.declaration.ref
  const other = places.get(kind, key)
  if (other === undefined) {
    places.set(kind, key, { file: name, line: item.line })
    return undefined
  }
  const message = `${kind} "${key}" is already defined in ${other.file}:${other.line}; remove one`
  return { file: name, line: item.line, column: undefined, field: '', message, unreadable: false }
}

function problemOf({ file, line, field, message }: FileProblem): SourceProblem {
  return { where: line === undefined ? file : `${file}:${line}`, field, message }
}
