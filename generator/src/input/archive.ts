import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { GeneratorError } from '../errors.ts'
import { API_TOOL, refuseOldTool } from '../idl/old-tool.ts'
import { isSourceTree } from '../idl/source-layout.ts'
import { API_JSON, API_SOURCE, bySource, type Input } from '../schema/input.ts'
import type { PlaceOptions } from './place.ts'
import { releaseOfSource, releaseOfTag, releaseOfVersion } from './release.ts'
import { readDocuments } from './documents.ts'
import { inputOfModules } from './source-tree.ts'
import { textOf } from '../schema/text.ts'
import { ARCHIVE_LIMITS, type ArchiveLimits } from './unpack/budget.ts'
import type { Members } from './unpack/members.ts'
import { unpack } from './unpack/unpack.ts'

/** How to read an archive. */
export interface ArchiveOptions {
  /** Folders in it that are left out or entered. */
  readonly within?: Pick<PlaceOptions, 'strip' | 'subdir'> | undefined
  /** What to call it; left out: its path. */
  readonly label?: string | undefined
  /** What it may cost. */
  readonly limits?: ArchiveLimits | undefined
}

/**
 * Reads an archive or definitions from a file.
 * @throws GeneratorError `BINAPI_INPUT` when it is neither, is damaged, or unpacks to more than it may
 */
export async function readArchiveFile(path: string, options: ArchiveOptions = {}): Promise<Input> {
  return readPacked(createReadStream(path), options.label ?? path, options)
}

/** The same from any stream of bytes: `.api.json` files, or VPP's source, in an archive; or one definition as it is. */
export async function readPacked(
  source: AsyncIterable<Uint8Array>,
  label: string,
  { within = {}, limits = ARCHIVE_LIMITS }: ArchiveOptions = {},
): Promise<Input> {
  const keep = (path: string) => keptPath(path, label, within)
  const unpacked = await unpack(source, { label, keep, limits })
  return unpacked.kind === 'bytes' ? readDocuments(unpacked.bytes, label) : inputOf(unpacked.files, label)
}

/** The definitions among some files, by path: those that VPP's build has made, else those of its source. */
export async function inputOf(files: Members, label: string, release?: string): Promise<Input> {
  const found = release ?? releaseAmong(files) ?? releaseOfTag(basename(label))
  const json = isSourceTree(files.keys()) ? [] : [...files].filter(([path]) => path.endsWith(API_JSON))
  if (json.length === 0 && ![...files.keys()].some((path) => path.endsWith(API_SOURCE))) {
    throw new GeneratorError(
      'BINAPI_INPUT',
      `no ${API_JSON} and no ${API_SOURCE} file in "${label}": pack VPP's API folder or its source`,
    )
  }
  const content = json.length > 0 ? definitions(json, label) : await imported(files, label)
  return { ...content, release: found ?? releaseOfVersion(process.env['VPP_VERSION']), label }
}

function definitions(files: readonly (readonly [string, Uint8Array])[], label: string): Pick<Input, 'files'> {
  const found = files.map(([path, bytes]) => ({ source: inFolder(path), file: `${label}:${path}`, bytes }))
  return { files: found.toSorted(bySource) }
}

async function imported(files: Members, label: string): Promise<Pick<Input, 'files' | 'imported'>> {
  const { importText } = await import('../idl/index.ts')
  const tool = [...files].find(([path]) => path.endsWith(API_TOOL))?.[1]
  refuseOldTool(tool === undefined ? undefined : textOf(tool), label)
  const sources = new Map([...files].filter(([path]) => path.endsWith(API_SOURCE)))
  return inputOfModules(importText(sources), (path) => `${label}:${path}`)
}

function releaseAmong(files: Members): string | undefined {
  const textAt = (name: string) => {
    const found = [...files].find(([path]) => basename(path) === name)?.[1]
    return found === undefined ? undefined : textOf(found)
  }
  return releaseOfSource(textAt('SOURCE.json')) ?? releaseOfVersion(textAt('VPP_VERSION'))
}

/** `core/ip.api.json` of a path with any leading folders. */
function inFolder(path: string): string {
  return path.split('/').slice(-2).join('/')
}

const WANTED = /(?:\.api|\.api\.json|\/SOURCE\.json|\/VPP_VERSION|^SOURCE\.json|^VPP_VERSION)$/

function keptPath(path: string, label: string, { strip = 0, subdir }: NonNullable<ArchiveOptions['within']>) {
  if (!isSafe(path)) {
    throw new GeneratorError(
      'BINAPI_INPUT',
      `cannot unpack "${label}": member "${path}" leads out of the archive; pack it with relative paths`,
    )
  }
  if (!WANTED.test(path) && !path.endsWith(API_TOOL)) return undefined
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  const stripped = parts.slice(strip).join('/')
  if (stripped === '') return undefined
  if (subdir === undefined) return stripped
  return stripped.startsWith(`${subdir}/`) ? stripped.slice(subdir.length + 1) : undefined
}

function isSafe(path: string): boolean {
  return !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.split(/[/\\]/).includes('..')
}
