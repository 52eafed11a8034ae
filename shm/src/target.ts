import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { StreamTarget, VppTarget } from '@vpp-ts/runtime'
import type { BridgeOptions } from './bridge.ts'
import { ShmError, type ShmErrorCode } from './errors.ts'

/** How a VPP is reached over shared memory. */
export interface ShmOptions {
  /** `api-segment { prefix }` of VPP; empty (the default) for a VPP without one. */
  readonly prefix?: string
  /** Path of VPP's `libvppapiclient.so`; where the loader and VPP's packages have it when not given. */
  readonly library?: string
  /** Name of the client in `show api clients`, at most 63 bytes; default `vpp-ts` and the process id. */
  readonly clientName?: string
  /** Messages that may wait for this client in shared memory, 2 to 4096; default 256. VPP drops what is over. */
  readonly queueLength?: number
}

const SCHEME = 'shm://'
// Also when this file is run from `src`, as tests do: another process takes JavaScript.
const BRIDGE = fileURLToPath(new URL('../dist/bridge.js', import.meta.url))

/**
 * VPP's API over shared memory, for `VppConnection.connect`. The C library that VPP installs allows one connection a
 * process; each attempt therefore starts a separate process, in which the library may block, or crash: that is a lost
 * connection here, and is followed by another attempt as any other.
 *
 * What `connect` throws has a {@link ShmError} as its cause. Messages with file descriptors need the socket.
 *
 * @throws ShmError `SHM_ARGUMENT`
 */
export function shmTarget(options: ShmOptions = {}): StreamTarget {
  const { prefix = '', library, clientName = `vpp-ts-${process.pid}`, queueLength = 256 } = options
  if (!/^[\w.-]*$/.test(prefix) || prefix === '.' || prefix === '..') {
    throw new ShmError(
      'SHM_ARGUMENT',
      `the prefix has letters, digits, '.', '_' and '-' only, not '${prefix}'`,
    )
  }
  if (clientName === '' || Buffer.byteLength(clientName) > 63 || clientName.includes('\0')) {
    throw new ShmError('SHM_ARGUMENT', `clientName is 1 to 63 bytes of text, not '${clientName}'`)
  }
  if (!Number.isInteger(queueLength) || queueLength < 2 || queueLength > 4096) {
    throw new ShmError('SHM_ARGUMENT', `queueLength is a whole number from 2 to 4096, not ${queueLength}`)
  }
  const passed: BridgeOptions = { prefix, library, clientName, queueLength }
  return { name: `${SCHEME}${prefix}`, open: (signal) => open(passed, signal) }
}

/** The target that a text means: `shm://PREFIX` shared memory, anything else the path of an API socket. */
export function targetOf(text: string, options: Omit<ShmOptions, 'prefix'> = {}): VppTarget {
  return text.startsWith(SCHEME) ? shmTarget({ ...options, prefix: text.slice(SCHEME.length) }) : text
}

async function open(options: BridgeOptions, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted()
  checkMemory(options.prefix)
  const child = spawn(process.execPath, [BRIDGE, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  const frames = child.stdio[3] as Socket
  frames.on('error', () => {})
  try {
    await ready(child)
  } catch (error) {
    kill()
    frames.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', kill)
  }
  // From here on the stream alone decides how long this process lives; the other one ends with it.
  child.unref()
  for (const pipe of [child.stdout, child.stderr] as (Socket | null)[]) pipe?.unref()
  frames.removeAllListeners('error')
  return frames
}

/** The library would wait, for a VPP that is not there, longer than anyone does. */
function checkMemory(prefix: string): void {
  const path = `/dev/shm/${prefix === '' ? '' : `${prefix}-`}vpe-api`
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const section = prefix === '' ? 'without api-segment { prefix }' : `with api-segment { prefix ${prefix} }`
    throw new ShmError(
      'SHM_CONNECT',
      missing
        ? `${path} does not exist: is a VPP running ${section}?`
        : `${path} may not be opened by this user: see api-segment { uid, gid } of VPP`,
      { cause },
    )
  }
}

/** Waits for the line that says how it went. */
async function ready(child: ChildProcess): Promise<void> {
  let said = ''
  let complaints = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2000)))
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await Promise.race([
    once(child, 'close'),
    new Promise<void>((resolve) => {
      child.stdout?.on('data', () => said.includes('\n') && resolve())
    }),
  ])
  const status = parse(said)
  if (status.ready === true) return
  const { code = 'SHM_PROCESS', message = 'the process that holds the library has crashed' } = status
  throw new ShmError(code, complaints === '' ? message : `${message} (${complaints.trim()})`)
}

function parse(text: string): { ready?: boolean; code?: ShmErrorCode; message?: string } {
  try {
    return JSON.parse(text.split('\n')[0] ?? '') as object
  } catch {
    return {}
  }
}
