import { GeneratorError, reasonOf } from '../../errors.ts'
import { counted, Budget, type ArchiveLimits } from './budget.ts'
import { debData } from './deb.ts'
import { decompress } from './decompress.ts'
import { isCompression, packingOf } from './format.ts'
import type { Keep, Members } from './members.ts'
import { collect, peek } from './peek.ts'

/** What a stream turned out to be. */
export type Unpacked =
  | { readonly kind: 'files'; readonly files: Members }
  /** No archive: its bytes, decompressed if they were compressed. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer }

/** Layers of compression that are taken off: a Debian package has two. */
const MAX_LAYERS = 3

/**
 * Reads an archive (tar, zip, Debian package; compressed with gzip, xz or zstd) as a stream: nothing is written to the
 * disk, only files that are wanted are held, and reading stops at the limit.
 *
 * @throws GeneratorError `BINAPI_INPUT` for what is damaged or too large
 */
export async function unpack(
  source: AsyncIterable<Uint8Array>,
  { label, keep, limits }: { readonly label: string; readonly keep: Keep; readonly limits: ArchiveLimits },
): Promise<Unpacked> {
  const budget = new Budget(label, limits)
  try {
    return await readLayers(source, keep, budget)
  } catch (error) {
    if (error instanceof GeneratorError) throw error
    throw budget.fail(reasonOf(error), error)
  }
}

async function readLayers(source: AsyncIterable<Uint8Array>, keep: Keep, budget: Budget): Promise<Unpacked> {
  // What a layer unpacks to counts as well, so that no layer can unpack without end.
  let chunks: AsyncIterable<Uint8Array> = counted(source, budget)
  for (let layers = 0; layers <= MAX_LAYERS; layers++) {
    const peeked = await peek(chunks)
    const packing = packingOf(peeked.head)
    if (packing === 'tar') {
      const { readTar } = await import('./tar.ts')
      return { kind: 'files', files: await readTar(peeked.chunks, keep, budget) }
    }
    if (packing === 'zip') {
      const { readZip } = await import('./zip.ts')
      return { kind: 'files', files: await readZip(peeked.chunks, keep, budget) }
    }
    if (isCompression(packing)) chunks = counted(decompress(peeked.chunks, packing), budget)
    else if (packing === 'deb') chunks = debData(peeked.chunks, budget)
    else return { kind: 'bytes', bytes: await collect(peeked.chunks) }
  }
  throw budget.fail(`more than ${MAX_LAYERS} layers of compression; pack the files once`)
}
