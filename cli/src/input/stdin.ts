import { CliError } from '../errors.ts'
import type { Request } from './assign.ts'

/** Most bytes that are read as requests. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Reads requests: one JSON object, a list of them, or one per line.
 * @throws CliError when it is something else
 */
export async function readRequests(input: NodeJS.ReadableStream): Promise<Request[]> {
  const text = await readAll(input)
  const whole = tryJson(text)
  if (whole !== undefined) return (Array.isArray(whole) ? whole : [whole]).map(requireObject)
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      const json = tryJson(line)
      if (json !== undefined) return requireObject(json)
      throw new CliError(
        'CLI_USAGE',
        `line ${number} of the input is not JSON`,
        'give one JSON object, a list of them, or one per line',
      )
    })
}

async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > MOST_BYTES) throw new CliError('CLI_USAGE', `the input has over ${MOST_BYTES} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function requireObject(json: unknown): Request {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Request
  throw new CliError(
    'CLI_USAGE',
    `expected a JSON object with the fields of the request, received ${JSON.stringify(json)}`,
  )
}
