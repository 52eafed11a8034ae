import { readFile, readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { CliError } from '../errors.ts'

/** Anything that names a message with its CRC. */
type DescribedMessage = { readonly descriptor: MessageDescriptor }

/** Messages of a release or of bindings, and where they come from. */
export interface KnownMessages {
  readonly source: string
  readonly messages: readonly DescribedMessage[]
}

/** Scope of the generated packages. */
const SCOPE = '@vpp-ts'
const PREFIX = 'binapi-'

/**
 * Finds the messages that `compat` compares: of a package of bindings or a folder of such packages (`packages/`,
 * `node_modules`, a project), of an installed package by name, or of definitions in any form that the generator reads.
 * @param cwd where relative paths and packages are looked for
 * @throws CliError when there are none
 */
export async function loadMessages(target: string, cwd: string): Promise<KnownMessages> {
  const folder = await existingFolder(target, cwd)
  const packages = folder === undefined ? [] : await packagesIn(folder)
  if (packages.length === 0) return loadDefinitions(folder ?? target)
  const messages = await Promise.all(packages.map(readMessages))
  const what = packages.length === 1 ? '' : `${packages.length} packages in `
  return { source: `${what}${folder}`, messages: messages.flat() }
}

/** Messages of a folder, an archive, a source tree, a release by name, or another VPP. */
async function loadDefinitions(input: string): Promise<KnownMessages> {
  // Loaded when it is needed: it brings more with it than all the other commands.
  const { GeneratorError, loadSchema } = await import('@vpp-ts/binapi-generator')
  try {
    const { modules, source } = await loadSchema({ input })
    const messages = [...modules.values()].flatMap((module) => module.messages)
    return { source, messages: messages.map(({ name, crc }) => standIn(name, crc)) }
  } catch (error) {
    if (!(error instanceof GeneratorError)) throw error
    throw new CliError(
      'CLI_USAGE',
      error.message,
      'name definitions (/usr/share/vpp/api, an archive, 26.06, vpp:SOCKET), a package of bindings, or a project',
      { cause: error },
    )
  }
}

/** A message of which name and CRC count. */
function standIn(name: string, crc: string): DescribedMessage {
  return { descriptor: { kind: 'message', name, crc, header: 'none', fields: [], ctor: Object } }
}

async function existingFolder(target: string, cwd: string): Promise<string | undefined> {
  const path = resolve(cwd, target)
  if (await isFolder(path)) return path
  for (let at = cwd; ; at = dirname(at)) {
    const installed = join(at, 'node_modules', target)
    if (await isFolder(installed)) return installed
    if (at === dirname(at)) return undefined
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

/** Folders of packages of bindings: the folder itself, those in it, or those that its project has installed. */
async function packagesIn(folder: string): Promise<string[]> {
  if (await isBindings(folder)) return [folder]
  for (const place of [folder, join(folder, SCOPE), join(folder, 'node_modules', SCOPE)]) {
    const found: string[] = []
    for (const name of await namesIn(place)) {
      if (await isBindings(join(place, name))) found.push(join(place, name))
    }
    if (found.length > 0) return found
  }
  return []
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return []
  }
}

async function isBindings(folder: string): Promise<boolean> {
  const name = (await readManifest(folder))?.['name']
  return (
    typeof name === 'string' &&
    name.startsWith(`${SCOPE}/${PREFIX}`) &&
    name !== `${SCOPE}/${PREFIX}generator`
  )
}

async function readManifest(folder: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** Largest file that is read: the largest module of VPP has bindings of 300 KB. */
const MOST_BYTES = 16 * 1024 * 1024
/** A message as generated bindings define it, in JavaScript or TypeScript. */
const DEFINITION = /\bdefineMessage\(\s*\w+,\s*(["'])(\w+)\1,\s*(["'])([0-9a-f]{8})\3/g

/** Messages of a package, from the text of its files: code of a folder that is only compared must not run. */
async function readMessages(folder: string): Promise<KnownMessages['messages']> {
  const files = await namesIn(folder)
  // Compiled and source say the same; either is enough.
  const compiled = files.filter((name) => name.endsWith('.js'))
  const chosen = compiled.length > 0 ? compiled : files.filter((name) => /(?<!\.d)\.ts$/.test(name))
  const texts = await Promise.all(chosen.map((name) => readText(join(folder, name))))
  if (chosen.length === 0) throw new CliError('CLI_FAILED', `${folder} has no bindings in it`, 'is it built?')
  return texts.flatMap((text) =>
    [...text.matchAll(DEFINITION)].map(([, , name = '', , crc = '']) => standIn(name, crc)),
  )
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > MOST_BYTES) throw new CliError('CLI_FAILED', `${path} has over ${MOST_BYTES} bytes: no bindings`)
  return readFile(path, 'utf8')
}
