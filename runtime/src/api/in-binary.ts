import { binaryClass, type BinaryClass, type InBinary, type TextClass } from '../codec/in-binary.ts'
import type { Message } from '../codec/classes.ts'
import type { DumpMethod, EventMethod, StreamMethod, UnaryMethod } from './method.ts'

type AnyMessage<T> = Message<T, string>

/**
 * The same message, or the same method, with addresses, prefixes and MAC addresses in binary form instead of text:
 * `BinaryAddress`, `BinaryPrefix` and `BinaryMac`. For tables of many thousands, where making and reading texts is most of
 * the time.
 *
 * - Of a class: `new (inBinary(AclAddReplace))({ … })` parses its texts once, however often it is sent.
 * - Of a method: `vpp.dump(inBinary(methods.aclDump), { aclIndex: NONE })` reads without making texts.
 */
export function inBinary<T extends AnyMessage<T>>(type: TextClass<T>): BinaryClass<T>
export function inBinary<Q, R>(method: UnaryMethod<Q, R>): UnaryMethod<Q, InBinary<R>>
export function inBinary<Q, D>(method: DumpMethod<Q, D>): DumpMethod<Q, InBinary<D>>
export function inBinary<Q, R, D>(method: StreamMethod<Q, R, D>): StreamMethod<Q, R, InBinary<D>>
export function inBinary<Q, R, E>(method: EventMethod<Q, R, E>): EventMethod<Q, R, InBinary<E>>
export function inBinary(it: object): object {
  if (typeof it === 'function') return binaryClass(it as TextClass<never>)
  const method = it as Readonly<Record<string, unknown>>
  const received = (['reply', 'details', 'event'] as const).filter((part) => method[part] !== undefined)
  // Of a dump that ends with its own reply only the details are many.
  const part = received.includes('details') ? 'details' : received[0]
  return part === undefined ? method : { ...method, [part]: binaryClass(method[part] as TextClass<never>) }
}
