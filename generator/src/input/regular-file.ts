import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { constants } from 'node:fs'
import { GeneratorError, reasonOf } from '../errors.ts'

/** The error for pipes, sockets and devices: a read of these may wait for ever. */
export function notAFile(path: string): GeneratorError {
  return new GeneratorError(
    'BINAPI_INPUT',
    `cannot read "${path}": it is a pipe, socket or device; name a file, or pipe it into standard input with --input -`,
  )
}

/**
 * The bytes of a file.
 * @throws GeneratorError `BINAPI_INPUT` when it cannot be read or is not a regular file
 */
export async function readRegular(path: string): Promise<Uint8Array> {
  try {
    // Without O_NONBLOCK, opening a pipe waits for someone to write.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const found = await file.stat()
      if (found.isFile()) return await file.readFile()
      if (!found.isDirectory()) throw notAFile(path)
      throw new GeneratorError('BINAPI_INPUT', `cannot read "${path}": it is a folder`)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof GeneratorError) throw error
    throw new GeneratorError('BINAPI_INPUT', `cannot read "${path}": ${reasonOf(error)}`, { cause: error })
  }
}

/** SHA-256 of a file, 64 hex digits. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

/** @throws GeneratorError `BINAPI_INPUT` when a file is not the one that was expected */
export async function checkDigest(path: string, expected: string, label = path): Promise<void> {
  const found = await digestOf(path)
  if (found === expected) return
  throw new GeneratorError(
    'BINAPI_INPUT',
    `"${label}" has the SHA-256 ${found}, not ${expected}: it is not the file that was pinned; check where it comes from`,
  )
}
