import type { MessageCodec } from '../codec.ts'
import type { HeaderKind, MessageDescriptor } from '../descriptor.ts'
import { HEADER_SIZE } from '../header.ts'
import { interpretedCodec } from '../interpret/codec.ts'
import { planBlock } from '../plan.ts'
import { compiledDecoder } from './decode.ts'
import { compiledEncoder } from './encode.ts'
import { functionName, Source, storeNumber } from './source.ts'

/**
 * The codec of a message that runs generated source. Whatever this does not expect goes to the interpreter, which
 * accepts it or names the error; so there is one place that words errors, and the two engines cannot disagree.
 */
export function compiledCodec<T>(descriptor: MessageDescriptor<T>): MessageCodec<T> {
  const interpreted = interpretedCodec(descriptor)
  return {
    descriptor,
    contextOffset: interpreted.contextOffset,
    minimumSize: interpreted.minimumSize,
    encode: compileEncode(interpreted),
    decode: compileDecode(interpreted),
  }
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

function compileEncode<T>(interpreted: MessageCodec<T>): MessageCodec<T>['encode'] {
  const { descriptor, minimumSize } = interpreted
  const source = new Source()
  const { instance, partial } = compiledEncoder(planBlock(descriptor))
  const at = `s + ${HEADER_SIZE[descriptor.header]}`
  source.add(
    `const s = w.reserve(${minimumSize})`,
    'const b = w.bytes',
    'try {',
    ...headerStatements(descriptor.header),
    `if (x instanceof ${source.constant(descriptor.ctor)}) ${source.constant(instance)}(w, ${at}, x)`,
    `else ${source.constant(partial)}(w, ${at}, x)`,
    '} catch {',
    'w.truncate(s)',
    `${source.constant(interpreted.encode)}(w, x, id, client, context)`,
    '}',
  )
  const name = functionName('encodeMessage', descriptor.name)
  return source.compile(name, 'w, x, id, client, context') as MessageCodec<T>['encode']
}

function compileDecode<T>(interpreted: MessageCodec<T>): MessageCodec<T>['decode'] {
  const { descriptor, minimumSize } = interpreted
  const source = new Source()
  const decode = source.constant(compiledDecoder(planBlock(descriptor)))
  source.add(
    `if (s >= 0 && s + ${minimumSize} <= end && end <= b.length) {`,
    `const value = ${decode}(b, s + ${HEADER_SIZE[descriptor.header]}, end)`,
    'if (value !== undefined) return value',
    '}',
    `return ${source.constant(interpreted.decode)}(b, s, end)`,
  )
  return source.compile(
    functionName('decodeMessage', descriptor.name),
    'b, s, end',
  ) as MessageCodec<T>['decode']
}
