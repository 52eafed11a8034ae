import { tmpdir } from 'node:os'
import type { Unmodelled } from './builtin/unmodelled.ts'
import type { ModuleSource, ReleaseSource } from './release/folder.ts'
import { DEFAULT_RELEASE, loadRelease, readModule, readReleaseFolder } from './release/folder.ts'
import type { WireOptions } from './server/wire.ts'
import { VPP_WIRE } from './server/wire.ts'
import type { NicInit } from './model/hardware.ts'
import type { Identity } from './model/model.ts'

/** Which definitions are served; the first that is given counts. */
export interface ReleaseOptions {
  /** Definitions that are loaded already. */
  readonly source?: ReleaseSource | undefined
  /** Folder of `.api.json` files, as in `/usr/share/vpp/api`. */
  readonly apiDir?: string | undefined
  /** A release that the package carries, as in `25.10`. Default: the newest. */
  readonly release?: string | undefined
}

/** Options of `Simulator.start`. */
export interface SimulatorOptions extends ReleaseOptions {
  /** Path of the API socket; made up in a folder for temporary files when left out. */
  readonly path?: string | undefined
  /**
   * Definitions of plugins that are served beside those of the release, in place of a module of the same name: paths of
   * `.api.json` files, or what was read from them.
   */
  readonly plugins?: readonly (string | ModuleSource)[] | undefined
  /** What `show_version` says, as in `26.06.0-release`. Default: that of the release. */
  readonly version?: string | undefined
  /** Process id that `control_ping` tells. Default: that of this process; every restart adds 1. */
  readonly pid?: number | undefined
  /** What becomes of requests that the simulator has no model of. Default `unimplemented`. */
  readonly unmodelled?: Unmodelled | undefined
  /** Most details in one answer to a `…_get`; the client asks for the rest. Default: no limit. */
  readonly pageSize?: number | undefined
  /** How frames look. Default: as VPP's. */
  readonly wire?: Partial<WireOptions> | undefined
  /** Requests that are remembered. Default 1,000. */
  readonly requestLog?: number | undefined
  /** Longest message that a client may send, in bytes; a longer one ends the connection. Default 64 MiB. */
  readonly longestMessage?: number | undefined
  /** Bytes that a client may leave unread before it is cut off. Default 256 MiB. */
  readonly longestBacklog?: number | undefined
  /** Network cards of the machine; they are there after every restart. Default: none. */
  readonly hardware?: readonly NicInit[] | undefined
  /**
   * Has `close` fail when a client did what would crash or wedge a real VPP, with the reasons. Default false; what was
   * seen is in `Simulator.strict` in any case.
   */
  readonly strict?: boolean | undefined
  /** Told of handlers that failed. Default: a warning of the process. */
  readonly onFailure?: ((error: unknown, message: string) => void) | undefined
}

/** Options with everything decided. */
export interface Settings {
  readonly path: string
  readonly plugins: readonly ModuleSource[]
  readonly version: string | undefined
  readonly pid: number
  readonly unmodelled: Unmodelled
  readonly pageSize: number
  readonly wire: WireOptions
  readonly requestLog: number
  readonly longestMessage: number
  readonly longestBacklog: number
  readonly strict: boolean
  readonly hardware: readonly NicInit[]
  readonly onFailure: (error: unknown, message: string) => void
}

const MIB = 1024 * 1024

/**
 * Fills in the defaults.
 * @throws SimulatorError `SIMULATOR_RELEASE` when the definition of a plugin cannot be read
 */
export function settle(options: SimulatorOptions, number: string): Settings {
  return {
    path: options.path ?? `${tmpdir()}/vpp-ts-simulator-${number}.sock`,
    plugins: (options.plugins ?? []).map((it) => ({
      ...(typeof it === 'string' ? readModule(it) : it),
      plugin: true,
    })),
    version: options.version,
    pid: options.pid ?? process.pid,
    unmodelled: options.unmodelled ?? 'unimplemented',
    pageSize: options.pageSize ?? Infinity,
    wire: { ...VPP_WIRE, ...options.wire },
    requestLog: options.requestLog ?? 1000,
    longestMessage: options.longestMessage ?? 64 * MIB,
    longestBacklog: options.longestBacklog ?? 256 * MIB,
    strict: options.strict ?? false,
    hardware: options.hardware ?? [],
    onFailure: options.onFailure ?? warn,
  }
}

/** Definitions that options ask for. @throws SimulatorError `SIMULATOR_RELEASE` when they cannot be had */
export function releaseOf(options: ReleaseOptions, { plugins }: Pick<Settings, 'plugins'>): ReleaseSource {
  const source = sourceOf(options)
  if (plugins.length === 0) return source
  const replaced = new Set(plugins.map(({ name }) => name))
  return { ...source, modules: [...source.modules.filter(({ name }) => !replaced.has(name)), ...plugins] }
}

function sourceOf({ source, apiDir, release }: ReleaseOptions): ReleaseSource {
  if (source !== undefined) return source
  return apiDir === undefined ? loadRelease(release ?? DEFAULT_RELEASE) : readReleaseFolder(apiDir, release)
}

/** What a VPP of a release calls itself, as in `26.06.0-release`. Default: the newest release. */
export function versionOfRelease(release = DEFAULT_RELEASE): string {
  return `${/^\d\d\.\d\d$/.test(release) ? `${release}.0` : release}-release`
}

/** What a VPP of a release says about itself. */
export function identityOf(release: string, settings: Settings): Identity {
  const slash = settings.path.lastIndexOf('/')
  return {
    version: settings.version ?? versionOfRelease(release),
    buildDate: '2026-06-24T12:00:00',
    buildDirectory: '/build/vpp',
    runtimeDir: slash > 0 ? settings.path.slice(0, slash) : '.',
  }
}

function warn(error: unknown, message: string): void {
  const text = error instanceof Error ? error.message : String(error)
  process.emitWarning(`the simulator's handler of ${message} failed: ${text}`, 'VppSimulatorWarning')
}
