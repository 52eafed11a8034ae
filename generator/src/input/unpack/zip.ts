import { unzipSync } from 'fflate'
import type { Budget } from './budget.ts'
import { collect } from './peek.ts'
import type { Keep, Members } from './members.ts'

/** The files of a zip archive that are wanted. Its list of files is at its end, so that all of it must be read first. */
export async function readZip(
  chunks: AsyncIterable<Uint8Array>,
  keep: Keep,
  budget: Budget,
): Promise<Members> {
  const bytes = await collect(chunks)
  const names = new Map<string, string>()
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      const path = name.endsWith('/') ? undefined : keep(name)
      if (path === undefined) return false
      budget.keep(originalSize)
      names.set(name, path)
      return true
    },
  })
  return new Map(Object.entries(files).map(([name, content]) => [names.get(name) ?? name, content]))
}
