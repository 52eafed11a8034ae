import type { FriendlyForm } from '../descriptor.ts'
import { putDouble, takeDouble } from '../numbers.ts'
import {
  ADDRESS_SIZE,
  formatAddress,
  formatIp4Prefix,
  formatIp6Prefix,
  formatPrefix,
  writeAddress,
  writeIp4Prefix,
  writeIp6Prefix,
  writePrefix,
} from './address.ts'
import { ADDRESS, IP4_ADDRESS, IP6_ADDRESS } from './binary-address.ts'
import type { BinaryCodec } from './binary-codec.ts'
import type { BinaryParts } from './binary-form.ts'
import { MAC } from './binary-mac.ts'
import { IP4_PREFIX, IP6_PREFIX, PREFIX } from './binary-prefix.ts'
import { formatIp4, writeIp4 } from './ip4.ts'
import { formatIp6, writeIp6 } from './ip6.ts'
import { formatMac, writeMac } from './mac.ts'
import type { FormCodec, TextWriter } from './form-codec.ts'
import { Timestamp } from './timestamp.ts'

/** Forms whose values are not plain numbers. */
export type ObjectForm = Exclude<FriendlyForm, 'timedelta' | 'interface-index'>

function textForm(
  size: number,
  expected: string,
  read: (bytes: Uint8Array, offset: number) => string,
  write: TextWriter,
  binary: BinaryCodec,
  fromBytes: (value: Uint8Array) => string | undefined = () => undefined,
): FormCodec {
  const writeBinary = (bytes: Uint8Array, offset: number, value: unknown): boolean =>
    value instanceof binary.type && binary.write(bytes, viewAt(bytes), offset, value as BinaryParts)
  const adopt = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return fromBytes(value) ?? value
    if (!(value instanceof binary.type)) return value
    const bytes = new Uint8Array(size)
    return writeBinary(bytes, 0, value) ? read(bytes, 0) : value
  }
  return {
    size,
    expected,
    zero: read(new Uint8Array(size), 0),
    read,
    writeText: write,
    write: (bytes, offset, value) => {
      const text = value instanceof Uint8Array ? fromBytes(value) : value
      if (typeof text === 'string') return write(bytes, offset, text, 0, text.length)
      return writeBinary(bytes, offset, value)
    },
    binary,
    adopt,
  }
}

function viewAt({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length)
}

const ofLength =
  (size: number, read: (bytes: Uint8Array, offset: number) => string) => (value: Uint8Array) =>
    value.length === size ? read(value, 0) : undefined

function timestampOf(value: unknown): Timestamp | undefined {
  if (value instanceof Timestamp) return value
  if (typeof value === 'number') return new Timestamp(value)
  try {
    if (value instanceof Date) return Timestamp.fromDate(value)
    return typeof value === 'string' ? Timestamp.parse(value) : undefined
  } catch {
    return undefined
  }
}

const timestamp: FormCodec = {
  size: 8,
  expected: 'a Timestamp, a Date, a number of seconds or ISO 8601 text with an offset',
  zero: Object.freeze(new Timestamp(0)),
  read: (bytes, offset) => new Timestamp(takeDouble(bytes, offset)),
  write: (bytes, offset, value) => {
    const time = timestampOf(value)
    if (time === undefined) return false
    putDouble(bytes, offset, time.seconds)
    return true
  },
  writeText: undefined,
  binary: undefined,
  adopt: (value) => timestampOf(value) ?? value,
}

/** Every form by its name. */
export const FORMS: Readonly<Record<ObjectForm, FormCodec>> = {
  'ip4-address': textForm(
    4,
    "an IPv4 address like '10.0.0.1'",
    formatIp4,
    writeIp4,
    IP4_ADDRESS,
    ofLength(4, formatIp4),
  ),
  'ip6-address': textForm(
    16,
    "an IPv6 address like '2001:db8::1'",
    formatIp6,
    writeIp6,
    IP6_ADDRESS,
    ofLength(16, formatIp6),
  ),
  address: textForm(
    ADDRESS_SIZE,
    "an IP address like '10.0.0.1' or '2001:db8::1'",
    formatAddress,
    writeAddress,
    ADDRESS,
    (value) => ofLength(4, formatIp4)(value) ?? ofLength(16, formatIp6)(value),
  ),
  'ip4-prefix': textForm(5, "an IPv4 prefix like '10.0.0.0/8'", formatIp4Prefix, writeIp4Prefix, IP4_PREFIX),
  'ip6-prefix': textForm(
    17,
    "an IPv6 prefix like '2001:db8::/32'",
    formatIp6Prefix,
    writeIp6Prefix,
    IP6_PREFIX,
  ),
  prefix: textForm(
    ADDRESS_SIZE + 1,
    "an IP prefix like '10.0.0.0/8' or '2001:db8::/32'",
    formatPrefix,
    writePrefix,
    PREFIX,
  ),
  'mac-address': textForm(
    6,
    "a MAC address like '02:fe:00:00:00:01'",
    formatMac,
    writeMac,
    MAC,
    ofLength(6, formatMac),
  ),
  timestamp,
}
