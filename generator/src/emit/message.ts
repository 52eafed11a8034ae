import type { ModelMessage } from '../model/model.ts'
import { findsAllLines } from '../model/dump-all.ts'
import { requiredProperties } from '../model/required.ts'
import type { EmitContext } from './context.ts'
import { messageFacts, statusLines } from './facts.ts'
import { baseArguments, emitProperties, fieldSpecs } from './fields.ts'
import { pureCall, quote } from './literal.ts'

/**
 * A message: a class with its descriptor.
 *
 * @param messages all of the module, one of which may replace this one
 * @param isRequest whether a method sends it, so that its type says what a caller must give
 */
export function emitMessage(
  message: ModelMessage,
  messages: readonly ModelMessage[],
  isRequest: boolean,
  context: EmitContext,
): void {
  const { file } = context
  const { name, wireName, crc, header, fields } = message
  file.doc(messageDoc(message, messages, context))
  const args = baseArguments(name, isRequest ? requiredProperties(fields) : [])
  file.class(name, file.runtime('Message'), args, () => {
    emitProperties(fields, context)
    file.assign(
      'static readonly descriptor',
      pureCall(
        file.runtime('defineMessage'),
        name,
        quote(wireName),
        quote(crc),
        quote(header),
        fieldSpecs(fields, context),
      ),
      ` as ${file.runtime('MessageDescriptor')}<${name}>`,
    )
  })
}

/** Lines about a message: facts, comment, state. */
function messageDoc(
  message: ModelMessage,
  messages: readonly ModelMessage[],
  { options }: EmitContext,
): string[] {
  const comment = options.comments ? message.comment : []
  const status = statusLines(message, messages)
  return [
    messageFacts(message),
    ...findsAllLines(message),
    ...(comment.length === 0 ? [] : ['', ...comment]),
    ...(status.length === 0 ? [] : ['', ...status]),
  ]
}
