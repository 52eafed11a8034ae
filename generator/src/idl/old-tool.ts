import { GeneratorError } from '../errors.ts'

/** VPP's own compiler of definitions, below the source root. */
export const API_TOOL = 'tools/vppapigen/vppapigen.py'

/** How it began to count the values of an enum before VPP 22.10 (9a8d3d71071): the first got 1, and not 0. */
const COUNTS_FROM_ONE = /^\s+count = 0\s*$/m

/**
 * Refuses a source tree whose own compiler counts the values of enums from 1: as they are counted today, values and CRCs
 * would silently be others than those of that VPP.
 *
 * @param tool text of that compiler; undefined when the tree has none
 * @throws GeneratorError `BINAPI_INVALID`
 */
export function refuseOldTool(tool: string | undefined, place: string): void {
  if (tool === undefined || !COUNTS_FROM_ONE.test(tool)) return
  throw new GeneratorError(
    'BINAPI_INVALID',
    `the VPP in "${place}" is older than 22.10 and counts the values of enums from 1: ` +
      `take the .api.json files that its own build makes`,
  )
}
