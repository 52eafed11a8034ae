import { GeneratorError, reasonOf } from '../errors.ts'
import { bySource, type Input } from '../schema/input.ts'
import { releaseOfVersion } from './release.ts'
import type { LiveDefinitions, LiveVpp } from './live-vpp.ts'
import { readDocuments } from './documents.ts'

/** What stands before the path of the socket of a running VPP. */
export const LIVE_PREFIX = 'vpp:'
const DEFAULT_SOCKET = '/run/vpp/api.sock'

/**
 * Reads the definitions of a running VPP.
 *
 * @param place `vpp:` and the path of the API socket; without a path the default one
 * @throws GeneratorError `BINAPI_INPUT` when VPP cannot be reached, or there is nothing to reach it with
 */
export async function readLive(place: string, live?: LiveVpp): Promise<Input> {
  const socket = place.slice(LIVE_PREFIX.length) || DEFAULT_SOCKET
  const vpp = live ?? (await import('./live-runtime.ts')).liveRuntime
  let definitions: LiveDefinitions
  try {
    definitions = await vpp.definitions(socket)
  } catch (error) {
    if (error instanceof GeneratorError) throw error
    const message = `cannot read the definitions of the VPP at "${socket}": ${reasonOf(error)}`
    throw new GeneratorError('BINAPI_INPUT', message, { cause: error })
  }
  const { files } = readDocuments(Buffer.from(definitions.json), place)
  if (files.length === 0)
    throw new GeneratorError(
      'BINAPI_INPUT',
      `the VPP at "${socket}" tells no definition: no module with messages is loaded`,
    )
  return { files: files.toSorted(bySource), release: releaseOfVersion(definitions.version), label: place }
}
