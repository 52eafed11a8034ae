import { BinaryForm } from './form/binary-form.ts'
import { VppError } from '../errors/vpp-error.ts'

/** One step into a value: a property name or an array index. */
export type PathSegment = string | number

/** Renders `['route', 'paths', 3, 'nh']` as `route.paths[3].nh`. */
export function formatPath(segments: readonly PathSegment[]): string {
  let text = ''
  for (const segment of segments) {
    if (typeof segment === 'number') text += `[${segment}]`
    else text += text === '' ? segment : `.${segment}`
  }
  return text
}

/** Facts of a value that cannot be put on the wire. */
export interface EncodeErrorDetails {
  /** Wire name of the message or type. */
  readonly messageName: string
  /** Where in the value, as in `route.paths[3].nh.address`; empty when it is the value itself. */
  readonly path: string
  /** What would have been accepted, with range or length. */
  readonly expected: string
  /** The value that was refused; `(hidden)` for one that may be a secret. */
  readonly received: unknown
}

/** A value does not fit its API definition. Nothing has been written. */
export class VppEncodeError extends VppError implements EncodeErrorDetails {
  readonly messageName: string
  readonly path: string
  readonly expected: string
  readonly received: unknown

  constructor(details: EncodeErrorDetails, options?: ErrorOptions) {
    const where = details.path === '' ? details.messageName : `${details.messageName}: ${details.path}`
    super(
      'VPP_ENCODE',
      `${where}: expected ${details.expected}, received ${describe(details.received)}`,
      options,
    )
    this.messageName = details.messageName
    this.path = details.path
    this.expected = details.expected
    this.received = details.received
  }
}

/** Facts of bytes that are not the message they should be. Offsets count from the start of the message. */
export interface DecodeErrorDetails {
  /** Wire name of the message or type. */
  readonly messageName: string
  /** Field that could not be read; empty when it is the message as a whole. */
  readonly path: string
  /** Byte offset of that field from the message's first byte. */
  readonly offset: number
  /** Bytes the field needs from there. */
  readonly needed: number
  /** Bytes there are from there. */
  readonly available: number
}

/** Bytes end before the message does, or a count promises more than they hold. */
export class VppDecodeError extends VppError implements DecodeErrorDetails {
  readonly messageName: string
  readonly path: string
  readonly offset: number
  readonly needed: number
  readonly available: number

  constructor(details: DecodeErrorDetails, options?: ErrorOptions) {
    const where = details.path === '' ? details.messageName : `${details.messageName}: ${details.path}`
    super(
      'VPP_DECODE',
      `${where}: needs ${details.needed} bytes at offset ${details.offset}, ${details.available} available`,
      options,
    )
    this.messageName = details.messageName
    this.path = details.path
    this.offset = details.offset
    this.needed = details.needed
    this.available = details.available
  }
}

/**
 * A refusal on its way up through nested values. Each level puts its own segment in front, so that the path costs
 * nothing while all is well.
 */
export class Refusal {
  readonly segments: PathSegment[] = []
  readonly expected: string
  readonly received: unknown

  constructor(expected: string, received: unknown) {
    this.expected = expected
    this.received = received
  }
}

/** Bytes that are missing, on the way up through nested values. Offsets are those of the buffer. */
export class Shortage {
  readonly segments: PathSegment[] = []
  readonly at: number
  readonly needed: number
  readonly available: number

  constructor(at: number, needed: number, available: number) {
    this.at = at
    this.needed = needed
    this.available = available
  }

  /** Turns the collected facts into the error that users see. `start` is where the message begins. */
  toError(messageName: string, start: number): VppDecodeError {
    return new VppDecodeError({
      messageName,
      path: formatPath(this.segments),
      offset: this.at - start,
      needed: this.needed,
      available: this.available,
    })
  }
}

/** Puts `segment` in front of the path and returns the error to throw. */
export function within(error: unknown, segment: PathSegment): unknown {
  if (error instanceof Refusal || error instanceof Shortage) error.segments.unshift(segment)
  return error
}

/** What stands in the place of a key, password or the like wherever a value is shown. */
export const HIDDEN = '(hidden)'

const LONGEST_SHOWN = 60

/** A short, safe picture of any value for an error's text. */
function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value === HIDDEN
        ? HIDDEN
        : JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value)
    case 'bigint':
      return `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'object':
      return describeObject(value)
    case 'function':
      return 'a function'
    default:
      return String(value)
  }
}

function describeObject(value: object | null): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (value instanceof Uint8Array) return value.length === 1 ? '1 byte' : `${value.length} bytes`
  const name: unknown = value.constructor?.name
  if (value instanceof BinaryForm) return `${String(name)} ${value}`
  return typeof name === 'string' && name !== '' && name !== 'Object' ? `a ${name}` : 'an object'
}
