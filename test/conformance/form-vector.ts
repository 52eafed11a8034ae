import { canonicalIp6 } from './form-text.ts'
import { toInput, valueFields } from './neutral.ts'
import type { NeutralBlock } from './neutral.ts'
import type { Subject } from './vector.ts'

/** Text in one field, and the message's bytes by vpp_papi. */
export interface FormVector {
  readonly message: string
  readonly crc: string
  readonly module: string
  /** All other fields. */
  readonly value: NeutralBlock
  /** Wire name of the type. */
  readonly type: string
  /** Wire name of the field. */
  readonly field: string
  readonly text: string
  readonly hex: string
  /** vpp_papi's object for the field, as text. */
  readonly read?: string | null
  /** What vpp_papi raised while reading. */
  readonly error?: string
}

/** Text that our codec reads, where vpp_papi read something else or failed. */
export interface FormDifference {
  readonly vector: FormVector
  readonly ours: string
}

/**
 * Encodes the text and reads it back.
 * @throws Error when the bytes are not vpp_papi's, or do not give the text back
 */
export function formDifference(subject: Subject, vector: FormVector): FormDifference | undefined {
  const { message, field, text, hex, value, read } = vector
  const property = valueFields(subject.fields).find(([wireName]) => wireName === field)?.[1]
  if (property === undefined) throw new Error(`${message} has no field ${field}`)
  const encoded = subject.encode({ ...toInput(subject.fields, value), [property]: text }, { id: 1 })
  if (encoded !== hex) throw new Error(`${message}.${field} = ${text} encodes to ${encoded}, not ${hex}`)
  const ours = String((subject.decode(hex) as Record<string, unknown>)[property])
  if (spelling(ours) !== spelling(text))
    throw new Error(`${message}.${field} = ${text} reads back as ${ours}`)
  return typeof read === 'string' && spelling(ours) === spelling(read) ? undefined : { vector, ours }
}

/** IPv6 may be spelled in several ways; the rest has one. */
function spelling(text: string): string {
  const [address = '', length] = text.split('/')
  const canonical =
    /^[0-9a-f.]*:[0-9a-f:.]*:[0-9a-f:.]*$/.test(address) && !isMac(address) ? canonicalIp6(address) : address
  return length === undefined ? canonical : `${canonical}/${length}`
}

function isMac(text: string): boolean {
  return /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text)
}
