import { GeneratorError } from '../../errors.ts'

/** What reading an archive may cost; whatever asks for more is refused at once. */
export interface ArchiveLimits {
  /** Bytes that everything in it unpacks to, files that are skipped included. */
  readonly unpacked: number
  /** Bytes of the files that are kept; all definitions of a VPP release take about 4 MB. */
  readonly kept: number
}

const MB = 1024 * 1024

/** A checkout of VPP takes about 60 MB, its packages up to 100. */
export const ARCHIVE_LIMITS: ArchiveLimits = { unpacked: 256 * MB, kept: 64 * MB }

/** Counts what an archive has cost so far. */
export class Budget {
  readonly label: string
  readonly #limits: ArchiveLimits
  #unpacked = 0
  #kept = 0

  constructor(label: string, limits: ArchiveLimits) {
    this.label = label
    this.#limits = limits
  }

  /** @throws GeneratorError `BINAPI_INPUT` when the archive has unpacked to more than it may */
  unpack(bytes: number): void {
    this.#unpacked += bytes
    if (this.#unpacked > this.#limits.unpacked) throw this.#tooMuch('unpacks to', this.#limits.unpacked)
  }

  /** @throws GeneratorError `BINAPI_INPUT` when there are more bytes of definitions than there may be */
  keep(bytes: number): void {
    this.#kept += bytes
    if (this.#kept > this.#limits.kept) throw this.#tooMuch('has definitions of', this.#limits.kept)
  }

  /** The error for an archive that is damaged or of a kind that is not supported. */
  fail(reason: string, cause?: unknown): GeneratorError {
    return new GeneratorError('BINAPI_INPUT', `cannot unpack "${this.label}": ${reason}`, { cause })
  }

  #tooMuch(verb: string, limit: number): GeneratorError {
    const mb = (limit / MB).toLocaleString('en-US')
    return this.fail(`it ${verb} more than ${mb} MB; pack VPP's API folder alone`)
  }
}

/** Chunks, counted as they are unpacked. */
export async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  budget: Budget,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    budget.unpack(chunk.length)
    yield chunk
  }
}
