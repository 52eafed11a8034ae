import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AgentError, declarationOf, keyOf, LmdbStore, type Item, type VppInstance } from '@vpp-ts/agent'
import { addLoopback, Simulator } from '@vpp-ts/simulator'
import { pino } from 'pino'
import { expect, vi } from 'vitest'
import { WatchedFolder } from '../../agent/src/sources/watched-folder.ts'
import { FlakyStore } from './flaky-store.ts'
import { THEIRS, type Event } from './history-events.ts'
import { manage, temporaryFolder } from './managed.ts'
import { stateOf } from './model-state.ts'

/** Milliseconds after which a history is told to hang. */
const LIMIT = 120_000
/** Of a watched folder: histories have no time for editors. */
const PACE = { quiet: 5, longQuiet: 20, lookInterval: 50 }
const SILENT = pino({ level: 'silent' })

/** Foreign objects of many kinds in VPP, which must not be touched. */
const FOREIGN = [
  'create loopback interface instance 600',
  'create loopback interface instance 601',
  'set interface state loop600 up',
  'set interface ip address loop600 172.31.0.1/24',
  'set interface mtu packet 1300 loop600',
  'set ip neighbor loop600 172.31.0.9 02:00:00:00:06:00 static',
  'ip table add 77',
  'ip route add 172.30.0.0/16 via 172.31.0.9 loop600',
  'create bridge-domain 99',
  'set interface l2 bridge loop601 99',
  'create memif socket id 99 filename /run/vpp/theirs.sock',
  'nat44 plugin enable',
  'nat44 add static mapping local 172.31.0.77 external 172.31.1.77',
  'set acl-plugin acl permit dst 172.31.0.0/16 tag theirs',
  'set acl-plugin interface loop600 input acl 0',
]
const IS_FOREIGN = /loop60[01]|172\.3[01]\.|"theirs"|theirs\.sock|"bdId":99|\b4\/77/

/** Routes by which VPP announces outside addresses of NAT44, of whomever, on any outside interface. */
const IS_ANNOUNCED = /"by":\[\{"source":(29|34),/

/** All foreign objects of the model, whatever was created beside them. */
function foreignOf(vpp: Simulator): unknown {
  const parts = Object.entries(stateOf(vpp) as Record<string, string[]>)
  return Object.fromEntries(
    parts.map(([part, all]) => [
      part,
      all.filter((text) => IS_FOREIGN.test(text) && !IS_ANNOUNCED.test(text)),
    ]),
  )
}

/** What histories of one worker share, since creating it again costs more than a history does. */
export class Stage implements AsyncDisposable {
  readonly vpp: Simulator
  readonly store: LmdbStore
  readonly #folder: { readonly path: string } & AsyncDisposable
  #count = 0

  private constructor(vpp: Simulator, folder: { readonly path: string } & AsyncDisposable) {
    this.vpp = vpp
    this.#folder = folder
    this.store = new LmdbStore(join(folder.path, 'store'))
  }

  static async make(): Promise<Stage> {
    const folder = await temporaryFolder()
    return new Stage(await Simulator.start(), folder)
  }

  /** Plays a history on a VPP without anything in it, with an agent that has nothing to do yet. */
  async play(events: readonly Event[]): Promise<void> {
    this.vpp.faults.clear()
    await this.vpp.restart()
    const name = `vpp${this.#count++}`
    const files = join(this.#folder.path, name)
    mkdirSync(files)
    const history = new History(this, name, files)
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it hangs`)), LIMIT)
    })
    try {
      await Promise.race([history.live(events), limit])
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${history.report()}`, { cause: error })
    } finally {
      clearTimeout(timer)
      await history.end()
      rmSync(files, { recursive: true })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close()
    await this.vpp[Symbol.asyncDispose]()
    await this.#folder[Symbol.asyncDispose]()
  }
}

/** A VPP, its agent, and whoever else uses it. */
class History {
  readonly #vpp: Simulator
  readonly #store: FlakyStore
  readonly #name: string
  readonly #files: string
  #instance: VppInstance
  #source: WatchedFolder
  /** What a client has declared. */
  #declared: readonly Item[] = []
  /** What the files of the folder say, and those of them that were cut off since. */
  readonly #content = new Map<string, readonly Item[]>()
  readonly #cut = new Set<string>()
  /** Items that the folder dropped at most. */
  #dropped = 0
  /** Interfaces that strangers have made and not deleted. */
  readonly #theirs = new Set<string>()
  #foreign: unknown
  #at = 'start'

  constructor({ vpp, store }: Stage, name: string, files: string) {
    this.#vpp = vpp
    this.#store = new FlakyStore(store)
    this.#name = name
    this.#files = files
    this.#strangers()
    this.#instance = this.#manage()
    this.#source = this.#watch()
  }

  async live(events: readonly Event[]): Promise<void> {
    for (const [at, it] of events.entries()) {
      this.#at = `event ${at}, ${it.type}`
      await this.#take(it)
    }
    this.#at = 'check'
    await this.#check()
  }

  /** Where it stands, for people. */
  report(): string {
    const { events } = this.#instance
    return JSON.stringify(
      {
        at: this.#at,
        store: this.#store.mode,
        state: this.#instance.state(),
        source: this.#source.status,
        statuses: this.#instance.statuses().filter(({ state }) => state !== 'applied'),
        events: events.after(events.last - 20).map(({ event }) => event),
        requests: this.#vpp.requests.count(),
        clients: this.#vpp.clients,
      },
      undefined,
      1,
    )
  }

  async end(): Promise<void> {
    await this.#source.close()
    await this.#instance.close()
  }

  async #take(it: Event): Promise<void> {
    switch (it.type) {
      case 'declare':
        await this.#declare(it.items)
        return
      case 'write':
      case 'move':
      case 'split':
      case 'truncate':
        this.#file(it)
        return
      case 'refuse':
        this.#vpp.faults.add({ message: it.message, times: 1, effect: { kind: 'retval', retval: -1 } })
        return
      case 'lose':
        this.#vpp.faults.add({ message: it.message, times: 1, effect: { kind: 'lose-answer' } })
        return
      case 'store-full':
        this.#store.mode = 'full'
        return
      case 'store-away':
        this.#store.mode = 'away'
        return
      case 'store-up':
        this.#store.mode = 'up'
        return
      case 'delete':
      case 'down':
      case 'strip':
        this.#strike(it.type, it.at)
        return
      case 'stranger': {
        const { interfaces } = this.#vpp.model
        const number = THEIRS + this.#theirs.size
        if (interfaces.byName(`loop${number}`) === undefined)
          this.#theirs.add(addLoopback(interfaces, { instance: number }).name)
        return
      }
      case 'restart-vpp':
        this.#theirs.clear()
        await this.#vpp.restart()
        this.#strangers()
        return
      case 'restart-agent':
        await this.end()
        this.#instance = this.#manage()
        this.#source = this.#watch()
        return
      case 'settle':
        // Without a store it may not know what is declared.
        this.#store.mode = 'up'
        await this.#instance.settled()
    }
  }

  async #declare(wanted: readonly Item[]): Promise<void> {
    if (this.#store.mode === 'away') this.#store.mode = 'full'
    try {
      await this.#instance.declared.change({
        origin: 'test',
        put: wanted.map((item) => declarationOf(item, item.kind)),
        whole: true,
        conflicts: 'beside',
      })
      this.#declared = wanted
    } catch (error) {
      if (!(error instanceof AgentError) || this.#store.mode === 'up') throw error
      expect(error.code).toBe('AGENT_STORE')
    }
  }

  /** Somebody works in the watched folder. */
  #file(it: Extract<Event, { readonly file: string }>): void {
    const before = this.#inFiles()
    const items = this.#content.get(it.file)
    switch (it.type) {
      case 'write':
        this.#write(it.file, it.items)
        break
      case 'move':
        if (items === undefined || it.to === it.file) break
        renameSync(join(this.#files, it.file), join(this.#files, it.to))
        this.#content.delete(it.file)
        this.#content.set(it.to, items)
        if (this.#cut.delete(it.file)) this.#cut.add(it.to)
        else this.#cut.delete(it.to)
        break
      case 'split': {
        if (items === undefined || it.to === it.file) break
        const half = Math.ceil(items.length / 2)
        this.#write(it.to, [...(this.#content.get(it.to) ?? []), ...items.slice(half)])
        this.#write(it.file, items.slice(0, half))
        break
      }
      case 'truncate': {
        if (items === undefined) break
        const text = textOf(items)
        // The last bracket is missing at least.
        writeFileSync(join(this.#files, it.file), text.slice(0, Math.min(it.at, text.length - 1)))
        this.#cut.add(it.file)
      }
    }
    const after = this.#inFiles()
    for (const key of before) if (!after.has(key)) this.#dropped++
  }

  #write(file: string, items: readonly Item[]): void {
    writeFileSync(join(this.#files, file), textOf(items))
    this.#content.set(file, items)
    this.#cut.delete(file)
  }

  #inFiles(): Set<string> {
    return new Set([...this.#content.values()].flat().map(idOf))
  }

  /** Somebody works on interfaces that may be the agent's. */
  #strike(how: 'delete' | 'down' | 'strip', at: number): void {
    const { interfaces } = this.#vpp.model
    const all = [...interfaces].filter(
      ({ devType, name }) => devType === 'Loopback' && !/^loop60[01]$/.test(name),
    )
    const found = all[at % Math.max(1, all.length)]
    if (found === undefined) return
    if (how === 'down') interfaces.setAdminUp(found.swIfIndex, false)
    else if (how === 'delete') {
      this.#theirs.delete(found.name)
      interfaces.delete(found.swIfIndex)
    } else {
      for (const address of [...found.addresses]) interfaces.removeAddress(found.swIfIndex, address)
    }
  }

  /** After quiet: VPP is as declared, nothing of others has changed, nothing is there twice. */
  async #check(): Promise<void> {
    this.#vpp.faults.clear()
    this.#store.mode = 'up'
    for (const file of this.#cut) this.#write(file, this.#content.get(file) ?? [])
    const instance = this.#instance
    const expected = new Set([...this.#declared.map(idOf), ...this.#inFiles()])
    // A busy machine may leave requests without an answer.
    await vi.waitFor(
      async () => {
        const desired = (await instance.desired()).map(idOf)
        expect(new Set(desired)).toEqual(expected)
        await instance.resync()
        const left = (await instance.plan()).changes
        const possible = left.filter((it) => it.waitsFor === undefined && it.refusedBecause === undefined)
        expect(possible).toEqual([])
        const undone = instance.statuses().filter(({ state }) => state === 'failed' || state === 'pending')
        expect(undone.filter(({ error }) => error?.code !== 'UNSUPPORTED')).toEqual([])
        // What files said a moment ago may come from a source that had to wait for the store, and goes again.
        const made = (await instance.actual()).filter(
          ({ owned, kind }) => owned && ['interface', 'route', 'acl', 'neighbour'].includes(kind),
        )
        expect(made.map(({ kind, key }) => `${kind} ${key}`).filter((id) => !expected.has(id))).toEqual([])
      },
      { timeout: LIMIT / 2, interval: 20 },
    )
    await this.#checkDesired()
    this.#checkForeign()
    // What is renamed, split or cut off was never gone.
    const revisions = (await instance.declared.revisions()).filter(({ origin }) => origin === 'folder')
    expect(revisions.reduce((sum, { removed }) => sum + removed, 0)).toBeLessThanOrEqual(this.#dropped)
  }

  /** What is told to be applied is in the model, and works. */
  async #checkDesired(): Promise<void> {
    const { interfaces, fib } = this.#vpp.model
    const byName = new Map([...interfaces].map((it) => [it.tag.split('/').slice(2).join('/') || it.name, it]))
    for (const item of await this.#instance.desired()) {
      const ref = { kind: item.kind, key: keyOf(item) }
      if (this.#instance.status(ref)?.state !== 'applied') continue
      if (item.kind === 'interface') {
        const has = byName.get(item.name)
        expect(has?.adminUp).toBe(item.enabled)
        if (item.addresses !== 'external')
          expect([...(has?.addresses ?? [])]).toEqual(expect.arrayContaining(item.addresses))
      } else if (item.kind === 'route') {
        const table = fib.tables().find((it) => it.family === 4 && it.tableId === item.table)
        const paths = table?.get(item.prefix)?.contributions.flatMap((it) => it.paths) ?? []
        for (const path of item.paths) {
          const swIfIndex = byName.get(path.interface ?? '')?.swIfIndex
          expect(paths).toContainEqual(expect.objectContaining({ swIfIndex, dead: false }))
        }
      }
    }
  }

  #checkForeign(): void {
    const all = [...this.#vpp.model.interfaces]
    const inVpp = all.map(({ name }) => name)
    for (const it of this.#theirs) expect(inVpp).toContain(it)
    const tags = all.map(({ tag }) => tag).filter((tag) => tag !== '')
    expect(new Set(tags).size).toBe(tags.length)
    expect(foreignOf(this.#vpp)).toEqual(this.#foreign)
  }

  /** Somebody else comes to a VPP that has just been started. */
  #strangers(): void {
    for (const line of FOREIGN) {
      const { retval, reply } = this.#vpp.cli(line)
      if (retval !== 0) throw new Error(`${line}: ${reply}`)
    }
    this.#foreign = foreignOf(this.#vpp)
  }

  #manage(): VppInstance {
    return manage(this.#vpp.path, this.#store, { timeout: 2000, name: this.#name })
  }

  #watch(): WatchedFolder {
    return new WatchedFolder(this.#files, this.#instance, SILENT, PACE)
  }
}

function idOf(item: Item): string {
  return `${item.kind} ${keyOf(item)}`
}

function textOf(items: readonly Item[]): string {
  return JSON.stringify({ items })
}
