import { GeneratorError, reasonOf } from '../../errors.ts'
import { API_JSON, bySource, type Input, type InputFile } from './input.ts'
import { releaseOfSource, releaseOfVersion } from './release.ts'

/** What an archive may unpack to; all definitions of a VPP release take about 4 MB. */
const MAX_UNPACKED = 256 * 1024 * 1024

/** True for the first bytes of a gzip stream or of a tar archive. */
export function isArchive(bytes: Uint8Array): boolean {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return gzip || Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar'
}

/** Reads the `.api.json` files of a tar archive, gzip or plain. Nothing is unpacked to the disk. */
export async function readArchive(bytes: Uint8Array, label: string): Promise<Input> {
  const files: InputFile[] = []
  let release: string | undefined
  for (const [path, content] of await unpack(bytes, label)) {
    if (path.endsWith(API_JSON))
      files.push({ source: inFolder(path), file: `${label}:${path}`, bytes: content })
    else if (path.endsWith('SOURCE.json')) release = releaseOfSource(textOf(content)) ?? release
    else if (path.endsWith('VPP_VERSION')) release ??= releaseOfVersion(textOf(content))
  }
  if (files.length === 0) {
    throw new GeneratorError('BINAPI_INPUT', `no ${API_JSON} file in "${label}": pack VPP's API folder`)
  }
  return {
    files: files.toSorted(bySource),
    release: release ?? releaseOfVersion(process.env['VPP_VERSION']),
    label,
  }
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString('utf8')
}

/** `core/ip.api.json` of a path with any leading folders. */
function inFolder(path: string): string {
  return path.split('/').slice(-2).join('/')
}

async function unpack(bytes: Uint8Array, label: string): Promise<Map<string, Uint8Array>> {
  const { Parser } = await import('tar')
  const members = new Map<string, Uint8Array>()
  let unpacked = 0
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      reject(new GeneratorError('BINAPI_INPUT', `cannot unpack "${label}": ${reason}`))
    }
    const parser = new Parser({
      strict: true,
      onReadEntry: (entry) => {
        const parts: Uint8Array[] = []
        if (!isSafe(entry.path))
          fail(`member "${entry.path}" leads out of the archive; pack it with relative paths`)
        entry.on('data', (part: Uint8Array) => {
          unpacked += part.length
          if (unpacked > MAX_UNPACKED) fail(`more than ${MAX_UNPACKED} bytes; pack the API folder alone`)
          else parts.push(part)
        })
        entry.on('end', () => {
          if (entry.type === 'File' || entry.type === 'OldFile') members.set(entry.path, Buffer.concat(parts))
        })
      },
    })
    parser.on('error', (error: unknown) => fail(reasonOf(error)))
    parser.on('end', () => resolve(members))
    parser.end(Buffer.from(bytes))
  })
}

function isSafe(path: string): boolean {
  return !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.split(/[/\\]/).includes('..')
}
