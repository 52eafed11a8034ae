import { Parser } from 'tar'
import type { Budget } from './budget.ts'
import type { Keep, Members } from './members.ts'

/** The files of a tar archive that are wanted; the others are passed over without being kept. */
export async function readTar(
  chunks: AsyncIterable<Uint8Array>,
  keep: Keep,
  budget: Budget,
): Promise<Members> {
  const members = new Map<string, Uint8Array>()
  let failure: unknown
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const path = keep(entry.path)
      if (path === undefined || (entry.type !== 'File' && entry.type !== 'OldFile')) {
        entry.resume()
        return
      }
      const parts: Uint8Array[] = []
      entry.on('data', (part: Uint8Array) => {
        budget.keep(part.length)
        parts.push(part)
      })
      entry.on('end', () => void members.set(path, Buffer.concat(parts)))
    },
  })
  const ended = new Promise<void>((resolve) => {
    parser.on('error', (error: unknown) => {
      failure ??= error
      resolve()
    })
    parser.on('end', resolve)
  })
  for await (const chunk of chunks) {
    parser.write(Buffer.from(chunk))
    if (failure !== undefined) throw failure
  }
  parser.end()
  await ended
  if (failure !== undefined) throw failure
  return members
}
