import type { ItemBody } from '../../client/index.ts'
import type { CommandContext } from './context.ts'

/** As `readPaths`, which is loaded with all kinds of items when it is needed: other commands begin without. */
export async function readItems(
  paths: readonly string[],
  context: Pick<CommandContext, 'input'>,
): Promise<ItemBody[]> {
  const { readPaths } = await import('./item-paths.ts')
  return await readPaths(paths, context)
}
