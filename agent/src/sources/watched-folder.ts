import { watch, type FSWatcher } from 'node:fs'
import type { Logger } from 'pino'
import { Bell } from '../model/bell.ts'
import type { Instance } from '../instance/instance.ts'
import { readItemFiles, type ItemFile } from './item-files.ts'

/** What origins of items from files begin with. */
const ORIGIN = 'file:'
/** Milliseconds of quiet after a change before files are read: editors write in several steps. */
const QUIET = 100
/** Milliseconds until a folder that cannot be read, or a store that cannot be reached, is tried again. */
const RETRY_INTERVAL = 5000

/**
 * A folder whose files say what a VPP is to have. A file that cannot be used changes nothing; what it said before
 * stays until it is mended or removed.
 */
export class WatchedFolder {
  readonly #folder: string
  readonly #instance: Instance
  readonly #log: Logger
  readonly #changed = new Bell()
  readonly #ended = new AbortController()
  readonly #running: Promise<void>
  #watcher: FSWatcher | undefined
  #dirty = true

  constructor(folder: string, instance: Instance, log: Logger) {
    this.#folder = folder
    this.#instance = instance
    this.#log = log.child({ instance: instance.name, folder })
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#ended.abort()
    this.#watcher?.close()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended
    while (!signal.aborted) {
      try {
        this.#watch()
        this.#dirty = false
        await this.#take(await readItemFiles(this.#folder))
      } catch (error) {
        if (signal.aborted) return
        this.#log.error({ err: error }, 'folder')
        this.#unwatch()
        await this.#changed.wait(RETRY_INTERVAL, signal)
        continue
      }
      if (!this.#dirty) await this.#changed.wait(Infinity, signal)
      while (this.#dirty && !signal.aborted) {
        this.#dirty = false
        await this.#changed.wait(QUIET, signal)
      }
    }
  }

  #watch(): void {
    if (this.#watcher !== undefined) return
    const watcher = watch(this.#folder, { persistent: false }, () => {
      this.#dirty = true
      this.#changed.ring()
    })
    watcher.on('error', (error) => {
      this.#log.error({ err: error }, 'folder')
      this.#unwatch()
      this.#changed.ring()
    })
    this.#watcher = watcher
  }

  #unwatch(): void {
    this.#watcher?.close()
    this.#watcher = undefined
  }

  async #take(files: readonly ItemFile[]): Promise<void> {
    const present = new Set(files.map(({ name }) => ORIGIN + name))
    for (const origin of await this.#instance.origins()) {
      if (origin.startsWith(ORIGIN) && !present.has(origin)) await this.#instance.replace([], origin)
    }
    for (const file of files) {
      if ('error' in file) this.#log.error({ file: file.name }, file.error.message)
      else await this.#instance.replace(file.items, ORIGIN + file.name)
    }
  }
}
