import type { ModelMessage } from '../model/model.ts'
import type { EmitContext } from './context.ts'
import { messageFacts, statusLines } from './facts.ts'
import { emitProperties, fieldSpecs } from './fields.ts'
import { call, quote } from './literal.ts'

/**
 * A message: a class with its descriptor.
 *
 * @param messages all of the module, one of which may replace this one
 */
export function emitMessage(
  message: ModelMessage,
  messages: readonly ModelMessage[],
  context: EmitContext,
): void {
  const { file } = context
  const { name, wireName, crc, header, fields } = message
  file.doc(messageDoc(message, messages, context))
  file.block(`export class ${name} extends ${file.runtime('Message')}<${name}>`, () => {
    emitProperties(fields, context)
    file.assign(
      `static readonly descriptor: ${file.runtime('MessageDescriptor')}<${name}>`,
      call(
        file.runtime('defineMessage'),
        name,
        quote(wireName),
        quote(crc),
        quote(header),
        fieldSpecs(fields, context),
      ),
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
    ...(comment.length === 0 ? [] : ['', ...comment]),
    ...(status.length === 0 ? [] : ['', ...status]),
  ]
}
