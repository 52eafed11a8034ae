import { createRequire } from 'node:module'
import type * as koffiModule from 'koffi'
import { ShmError } from './errors.ts'

type Call = (...args: unknown[]) => number

/** The functions of `libvppapiclient.so` that are used; their C prototypes are those of VPP's header. */
const PROTOTYPES = {
  vac_mem_init: 'void vac_mem_init(size_t size)',
  vac_connect: 'int vac_connect(const char *name, const char *prefix, void *callback, int queue)',
  vac_disconnect: 'int vac_disconnect(void)',
  vac_read: 'int vac_read(_Out_ intptr_t *data, _Out_ int *length, uint16_t timeout)',
  vac_write: 'int vac_write(const uint8_t *data, int length)',
  vac_free: 'void vac_free(intptr_t message)',
  vac_get_msg_index: 'int vac_get_msg_index(const char *name)',
  vac_msg_table_size: 'int vac_msg_table_size(void)',
} as const

/** Where the library is looked for when not told: the loader's own places, then those of VPP's packages. */
const PLACES = [
  'libvppapiclient.so',
  '/usr/lib/x86_64-linux-gnu/libvppapiclient.so',
  '/usr/lib/aarch64-linux-gnu/libvppapiclient.so',
  '/usr/lib64/libvppapiclient.so',
  '/usr/local/lib/libvppapiclient.so',
]

/** The library, which has one connection a process. */
export class Library {
  readonly #calls: Record<keyof typeof PROTOTYPES, Call>
  readonly #koffi: typeof koffiModule

  /** @throws ShmError `SHM_LIBRARY` */
  constructor(path: string | undefined) {
    this.#koffi = createRequire(import.meta.url)('koffi') as typeof koffiModule
    const library = load(this.#koffi, path === undefined ? PLACES : [path])
    const calls = Object.entries(PROTOTYPES).map(([name, prototype]) => {
      try {
        return [name, library.func(prototype)]
      } catch (cause) {
        throw new ShmError(
          'SHM_LIBRARY',
          `the library has no ${name}: is it libvppapiclient.so of VPP 24.02 or newer?`,
          {
            cause,
          },
        )
      }
    })
    this.#calls = Object.fromEntries(calls) as Record<keyof typeof PROTOTYPES, Call>
  }

  /** Connects to the VPP of `prefix` (`api-segment { prefix }`; empty for none). */
  connect(name: string, prefix: string, queue: number): void {
    this.#calls.vac_mem_init(256 * 1024 * 1024)
    const result = this.#calls.vac_connect(name, prefix === '' ? null : prefix, null, queue)
    if (result === 0) return
    throw new ShmError(
      'SHM_CONNECT',
      `vac_connect(${name}${prefix === '' ? '' : `, prefix ${prefix}`}) gave ${result}: does a VPP run with ` +
        `${prefix === '' ? 'no api-segment { prefix }' : `api-segment { prefix ${prefix} }`}, and may this user open ` +
        `/dev/shm/${prefix === '' ? '' : `${prefix}-`}vpe-api?`,
    )
  }

  /** Says goodbye; VPP forgets the client. */
  disconnect(): void {
    this.#calls.vac_disconnect()
  }

  /** Sends a message; blocks while VPP's queue is full. The client's handle is put in by the library. */
  write(message: Uint8Array): void {
    const result = this.#calls.vac_write(message, message.length)
    if (result !== 0) throw new ShmError('SHM_CONNECT', `vac_write gave ${result}`)
  }

  /** Blocks until a message comes; undefined after `seconds` without one (0: for ever). */
  read(seconds: number): Buffer | undefined {
    const address = [null]
    const length = [0]
    const result = this.#calls.vac_read(address, length, seconds)
    if (result !== 0) return undefined
    const message = Number(address[0])
    const bytes = Buffer.from(this.#koffi.view(BigInt(message), length[0] as number).slice(0))
    this.#calls.vac_free(message)
    return bytes
  }

  /** Number of `name_crc` in this VPP; undefined when it has no such message. */
  indexOf(name: string): number | undefined {
    const index = this.#calls.vac_get_msg_index(name)
    return index >= 0 && index < 0xffff ? index : undefined
  }

  /** How many messages this VPP has. */
  get size(): number {
    return this.#calls.vac_msg_table_size()
  }
}

function load(koffi: typeof koffiModule, paths: readonly string[]): koffiModule.LibraryHandle {
  let last: unknown
  for (const path of paths) {
    try {
      return koffi.load(path)
    } catch (error) {
      last = error
    }
  }
  throw new ShmError(
    'SHM_LIBRARY',
    `no libvppapiclient.so (looked for ${paths.join(', ')}): install VPP's package libvppinfra and vpp, or give its ` +
      `path as the option library. ${last instanceof Error ? last.message : ''}`.trim(),
    { cause: last },
  )
}
