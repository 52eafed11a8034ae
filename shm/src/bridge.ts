/*
 * The process that holds the library: `node bridge.js OPTIONS`. Frames come and go on descriptor 3; one line on the
 * standard output says that VPP answered, or why it did not. A second thread blocks in the library's read and writes
 * what comes; this one reads requests, and blocks where VPP's queue is full.
 */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { ShmError } from './errors.ts'
import { Library } from './library.ts'
import { MEMCLNT_MESSAGES } from './memclnt.ts'
import { frame, FrameReader, introduction, namesOf, SOCKCLNT_CREATE, type TableEntry } from './protocol.ts'

/** What {@link shmTarget} passes on. */
export interface BridgeOptions {
  readonly prefix: string
  readonly library: string | undefined
  readonly clientName: string
  readonly queueLength: number
}

const STATUS = 1
const FRAMES = 3
const GET_API_JSON = 'get_api_json_51077d14'
const CONTROL_PING = 'control_ping_51077d14'
const SOCKCLNT_DELETE = 'sockclnt_delete_8ac76db6'
const SOCKCLNT_DELETE_REPLY = 'sockclnt_delete_reply_8f38b1ee'
/** Seconds that VPP may take for an answer while the connection is made, and milliseconds at its end. */
const ANSWER_S = 5
const GOODBYE_MS = 1000
/** How often VPP's process is looked for. */
const LIVENESS_MS = 200
/** Handle that the introduction tells: the library puts the real one into every message. */
const CLIENT_INDEX = 1

function send(message: Uint8Array): void {
  const bytes = frame(message)
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(FRAMES, bytes, done)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** The second thread. `stop[0]` turns 1 when the connection is being ended: the next message is the last. */
function readLoop({ library: path, stop }: { library: string | undefined; stop: Int32Array }): void {
  const library = new Library(path)
  while (Atomics.load(stop, 0) === 0) {
    const message = library.read(0)
    if (message !== undefined && Atomics.load(stop, 0) === 0) send(message)
  }
}

/** Ends at once: a thread that is blocked in the library would hold up any other way. */
function vanish(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('gone')
}

class Bridge {
  readonly #library: Library
  readonly #options: BridgeOptions
  readonly #stop = new Int32Array(new SharedArrayBuffer(4))
  readonly #table: readonly TableEntry[]
  readonly #names: ReadonlyMap<string, number>
  #reader: Worker | undefined

  constructor(options: BridgeOptions) {
    this.#options = options
    this.#library = new Library(options.library)
    this.#library.connect(options.clientName, options.prefix, options.queueLength)
    this.#table = this.#readTable()
    this.#names = new Map(this.#table)
    this.#watch(this.#ask(CONTROL_PING, 1).readUInt32BE(14))
  }

  /** Serves until the connection or VPP ends. */
  serve(): void {
    const frames = new FrameReader()
    const socket = new Socket({ fd: FRAMES, writable: false })
    socket.on('data', (chunk) => {
      for (const message of frames.push(chunk)) this.#take(message)
    })
    socket.on('close', () => void this.#goodbye())
  }

  #take(message: Buffer): void {
    const id = message.readUInt16BE(0)
    if (id === SOCKCLNT_CREATE) this.#introduce(message.readUInt32BE(2))
    else if (id === this.#names.get(SOCKCLNT_DELETE)) this.#answerDelete(message.readUInt32BE(6))
    else this.#library.write(message)
  }

  #introduce(context: number): void {
    send(introduction(context, CLIENT_INDEX, this.#table))
    this.#reader = new Worker(new URL(import.meta.url), {
      workerData: { library: this.#options.library, stop: this.#stop },
    })
  }

  #answerDelete(context: number): void {
    const reply = Buffer.alloc(10)
    reply.writeUInt16BE(this.#names.get(SOCKCLNT_DELETE_REPLY) ?? 0, 0)
    reply.writeUInt32BE(context, 2)
    send(reply)
  }

  /** All messages of this VPP. The library only finds the number of a name that is known, so VPP is asked for names. */
  #readTable(): TableEntry[] {
    const reply = this.#ask(GET_API_JSON, 2)
    const length = reply.readUInt32BE(10)
    const json = reply.toString('utf8', 14, Math.min(14 + length, reply.length)).replace(/\0+$/, '')
    return [...MEMCLNT_MESSAGES, ...namesOf(json)].flatMap((name) => {
      const index = this.#library.indexOf(name)
      return index === undefined ? [] : [[name, index] as const]
    })
  }

  /** One request without fields, before the second thread reads. */
  #ask(name: string, context: number): Buffer {
    const index = this.#library.indexOf(name)
    if (index === undefined) {
      throw new ShmError(
        'SHM_VERSION',
        `this VPP has no message ${name}: shared memory needs VPP 24.02 or newer`,
      )
    }
    const request = Buffer.alloc(10)
    request.writeUInt16BE(index, 0)
    request.writeUInt32BE(context, 6)
    this.#library.write(request)
    for (;;) {
      const message = this.#library.read(ANSWER_S)
      if (message === undefined) {
        throw new ShmError(
          'SHM_CONNECT',
          `VPP did not answer ${name} within ${ANSWER_S} s: does it hang, or has it gone?`,
        )
      }
      if (message.length >= 14 && message.readUInt32BE(2) === context) return message
    }
  }

  /** The library does not notice that VPP has gone. (In another pid namespace its process cannot be seen.) */
  #watch(pid: number): void {
    if (!isThere(pid)) return
    setInterval(() => {
      if (!isThere(pid)) vanish()
    }, LIVENESS_MS)
  }

  /** Wakes the second thread with an answer of VPP, then has VPP forget the client. */
  async #goodbye(): Promise<void> {
    setTimeout(vanish, GOODBYE_MS)
    Atomics.store(this.#stop, 0, 1)
    if (this.#reader !== undefined) {
      const stopped = new Promise((resolve) => this.#reader?.once('exit', resolve))
      const ping = Buffer.alloc(10)
      ping.writeUInt16BE(this.#names.get(CONTROL_PING) ?? 0, 0)
      this.#library.write(ping)
      await stopped
    }
    this.#library.disconnect()
    vanish()
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function main(): void {
  try {
    const bridge = new Bridge(JSON.parse(process.argv[2] ?? '{}') as BridgeOptions)
    bridge.serve()
    writeSync(STATUS, `${JSON.stringify({ ready: true })}\n`)
  } catch (error) {
    const { code, message } = error as ShmError
    writeSync(STATUS, `${JSON.stringify({ code: code ?? 'SHM_PROCESS', message })}\n`)
    vanish()
  }
}

if (isMainThread) main()
else readLoop(workerData as { library: string | undefined; stop: Int32Array })
