import type { MessageCodec } from '../message-codec.ts'
import type { HeaderKind, MessageDescriptor } from '../descriptor.ts'
import { CONTEXT_OFFSET, HEADER_SIZE } from '../header.ts'
import { interpretedCodec } from '../interpret/codec.ts'
import { leftOutCheck } from '../left-out.ts'
import { planBlock } from '../make-plan.ts'
import type { Reading } from '../reading.ts'
import { viewOf } from '../view.ts'
import { addBlock } from './decode.ts'
import { compiledEncoder } from './encode.ts'
import { functionName, Source, storeNumber } from './source.ts'

/**
 * The codec of a message that runs generated source. Whatever this does not expect goes to the interpreter, which
 * accepts it or names the error; so there is one place that words errors, and the two engines cannot disagree. Each
 * direction is compiled when it is first used: most messages go one way only.
 */
export function compiledCodec<T>(descriptor: MessageDescriptor<T>, reading: Reading): MessageCodec<T> {
  const target: Target<T> = {
    descriptor,
    reading,
    minimumSize: HEADER_SIZE[descriptor.header] + planBlock(descriptor).size,
    interpreted: once(() => interpretedCodec(descriptor, reading)),
  }
  const encode = once(() => compileEncode(target))
  const decode = once(() => compileDecode(target))
  const codec: MessageCodec<T> = {
    descriptor,
    contextOffset: CONTEXT_OFFSET[descriptor.header],
    minimumSize: target.minimumSize,
    checkLeftOut: leftOutCheck(descriptor),
    encode(writer, value, id, clientIndex, context) {
      codec.encode = encode()
      codec.encode(writer, value, id, clientIndex, context)
    },
    decode(bytes, start, end) {
      codec.decode = decode()
      return codec.decode(bytes, start, end)
    },
  }
  return codec
}

/** What both directions are compiled from. */
interface Target<T> {
  readonly descriptor: MessageDescriptor<T>
  readonly reading: Reading
  readonly minimumSize: number
  /** The interpreter, made when something is first handed over. */
  readonly interpreted: () => MessageCodec<T>
}

function once<V>(make: () => V): () => V {
  let made: V | undefined
  return () => (made ??= make())
}

/** Statements that write the header at `s`. */
function headerStatements(header: HeaderKind): string[] {
  const id = storeNumber('s', 0, 2, 'id')
  switch (header) {
    case 'request':
      return [id, storeNumber('s', 2, 4, 'client'), storeNumber('s', 6, 4, 'context')]
    case 'reply':
      return [id, storeNumber('s', 2, 4, 'context')]
    case 'event':
      return [id, storeNumber('s', 2, 4, 'client')]
    case 'none':
      return [id]
  }
}

function compileEncode<T>({ descriptor, minimumSize, interpreted }: Target<T>): MessageCodec<T>['encode'] {
  const source = new Source()
  const { instance, partial } = compiledEncoder(planBlock(descriptor))
  const handOver: MessageCodec<T>['encode'] = (...call) => interpreted().encode(...call)
  const at = `s + ${HEADER_SIZE[descriptor.header]}`
  source.add(
    `const s = w.reserve(${minimumSize})`,
    'const d = w.view',
    'try {',
    ...headerStatements(descriptor.header),
    `if (x instanceof ${source.constant(descriptor.ctor)}) ${source.constant(instance)}(w, ${at}, x)`,
    `else ${source.constant(partial)}(w, ${at}, x)`,
    '} catch {',
    'w.truncate(s)',
    `${source.constant(handOver)}(w, x, id, client, context)`,
    '}',
  )
  const name = functionName('encodeMessage', descriptor.name)
  return source.compile(name, 'w, x, id, client, context') as MessageCodec<T>['encode']
}

function compileDecode<T>({
  descriptor,
  reading,
  minimumSize,
  interpreted,
}: Target<T>): MessageCodec<T>['decode'] {
  const source = new Source()
  const interpret: MessageCodec<T>['decode'] = (...call) => interpreted().decode(...call)
  const handOver = `return ${source.constant(interpret)}(b, s, end)`
  source.add(
    `if (!(s >= 0 && s + ${minimumSize} <= end && end <= b.length)) ${handOver}`,
    `const o = s + ${HEADER_SIZE[descriptor.header]}`,
  )
  const block = planBlock(descriptor)
  if (block.fields.length > 0) source.add(`const d = ${source.constant(viewOf)}(b)`)
  // Not a call of the block's own decoder: for a small message that would cost as much as the message.
  addBlock(source, block, reading, handOver)
  return source.compile(
    functionName('decodeMessage', descriptor.name),
    'b, s, end',
  ) as MessageCodec<T>['decode']
}
