import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ApiJson } from '@vpp-ts/binapi-generator'
import { ROOT } from './example.ts'

const run = promisify(execFile)

const API = join(ROOT, 'docs/examples/your-own-plugin/api/link_watch.api')
const SOURCE = join(ROOT, 'test/plugin/fixture/link_watch.c')

/** Where a VPP was built: `VPP_SOURCE` is its source tree, `VPP_BUILD` the folder of its CMake build. */
export interface VppBuild {
  readonly source: string
  readonly build: string
}

/** A plugin that was built, with what VPP's own tool made of its `.api` file. */
export interface BuiltPlugin {
  /** Temporary; the plugin is in `plugins` in it, VPP's C headers beside. */
  readonly folder: string
  /** CRC of each message, by name, as in the C headers. */
  readonly crcs: ReadonlyMap<string, string>
  /** CRC of the whole file, as in the C headers. */
  readonly fileCrc: string | undefined
  /** The `.api.json` file. */
  readonly document: ApiJson
}

/** Builds the plugin in a temporary folder, with VPP's API compiler and headers. */
export async function buildPlugin({ source, build }: VppBuild): Promise<BuiltPlugin> {
  const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-plugin-'))
  const tree = join(source, 'src')
  const made = join(build, 'CMakeFiles')
  await mkdir(join(folder, 'plugins'))
  await copyFile(API, join(folder, 'link_watch.api'))
  const compiler = join(tree, 'tools/vppapigen/vppapigen')
  const files = ['--includedir', tree, '--input', 'link_watch.api', '--outputdir', '.']
  await run('python3', [compiler, ...files, '--output', 'link_watch.api.h'], { cwd: folder })
  await run('python3', [compiler, ...files, 'JSON', '--output', 'link_watch.api.json'], { cwd: folder })
  const machine = process.arch === 'x64' ? ['-march=x86-64-v2'] : []
  const flags = [
    '-shared',
    '-fPIC',
    '-O2',
    ...machine,
    '-fno-common',
    '-fvisibility=hidden',
    '-DHAVE_FCNTL64',
  ]
  const warnings = ['-Wall', '-Werror', '-Wno-address-of-packed-member']
  const includes = [tree, made, join(tree, 'plugins'), folder].map((path) => `-I${path}`)
  const output = join(folder, 'plugins/link_watch_plugin.so')
  await run('cc', [...flags, ...warnings, ...includes, SOURCE, '-o', output])
  const types = await readFile(join(folder, 'link_watch.api_types.h'), 'utf8')
  const header = await readFile(join(folder, 'link_watch.api.h'), 'utf8')
  const crcs = [...types.matchAll(/^#define VL_API_\w+_CRC "(\w+)_([0-9a-f]{8})"$/gm)]
  return {
    folder,
    crcs: new Map(crcs.map(([, name = '', crc = '']) => [name, crc])),
    document: JSON.parse(await readFile(join(folder, 'link_watch.api.json'), 'utf8')) as ApiJson,
    fileCrc: /^vl_api_version\(link_watch\.api, (0x[0-9a-f]+)\)$/m.exec(header)?.[1],
  }
}
