import { endianness } from 'node:os'
import { LinuxError } from './errors.ts'

const ARCHITECTURES = ['x64', 'arm64', 'riscv64', 'loong64']

/** The facts that decide whether the calls can be made at all. */
export interface Platform {
  readonly platform: string
  readonly arch: string
  readonly endianness: string
  /** `process.versions`. */
  readonly versions: Readonly<Record<string, string | undefined>>
}

/** An error that says why the calls cannot be made here. */
export function unavailable(message: string, cause?: unknown): LinuxError {
  return new LinuxError('LINUX_UNAVAILABLE', message, { cause })
}

/**
 * Throws `LINUX_UNAVAILABLE` where no call may be tried: other systems, other processors, and engines that lack what
 * the native parts need (Bun ends the process at `uv_poll_init`, Deno has no libuv).
 */
export function checkPlatform(
  { platform, arch, endianness: order, versions }: Platform = { ...facts(), versions: process.versions },
): void {
  if (platform !== 'linux') {
    throw unavailable(`shared memory and descriptor passing need Linux; this is ${platform}`)
  }
  if (!ARCHITECTURES.includes(arch) || order !== 'LE') {
    throw unavailable(
      `shared memory needs a 64-bit little-endian processor (${ARCHITECTURES.join(', ')}); this is ${arch}`,
    )
  }
  for (const [key, name] of [
    ['bun', 'Bun'],
    ['deno', 'Deno'],
  ] as const) {
    const version = versions[key]
    if (version === undefined) continue
    throw unavailable(
      `shared memory needs Node.js 20.19 or newer; ${name} ${version} has no libuv event loop to wait on`,
    )
  }
}

function facts(): Omit<Platform, 'versions'> {
  return { platform: process.platform, arch: process.arch, endianness: endianness() }
}
