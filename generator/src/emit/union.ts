import type { ModelArm, ModelUnion } from '../model/model.ts'
import { fieldType, formType, typeReference, type EmitContext } from './context.ts'
import { armFacts, sizeText } from './facts.ts'
import { typeDoc } from './fields.ts'
import { array, call, object, pureCall, quote, type Expression } from './literal.ts'

/** A union: a class with an accessor and a constructor for each arm. */
export function emitUnion(type: ModelUnion, context: EmitContext): void {
  const { file } = context
  const { name, wireName, arms, size, shorthand } = type
  const parameters = [name, ...(shorthand === undefined ? [] : [formType(shorthand, context)])]
  file.doc(typeDoc(type, `union, ${sizeText(size)}`, context))
  file.block(`export class ${name} extends ${file.runtime('Union')}<${parameters.join(', ')}>`, () => {
    for (const arm of arms) {
      file.doc([armFacts(arm)])
      file.line(`declare ${arm.name}: ${armType(arm, context)}`)
    }
    for (const arm of arms) emitConstructor(name, arm, context)
    file.blank()
    file.assign(
      'static readonly descriptor',
      pureCall(
        file.runtime('defineUnion'),
        name,
        quote(wireName),
        String(size.bytes),
        array(arms.map((arm) => armSpec(arm, context))),
      ),
      ` as ${file.runtime('UnionDescriptor')}<${name}>`,
    )
  })
}

function emitConstructor(name: string, arm: ModelArm, context: EmitContext): void {
  const { file } = context
  const value = `value: ${file.runtime('InitValue')}<${armType(arm, context)}>`
  file.blank().doc([`The union with its arm \`${arm.wireName}\` set.`])
  file.method(`static ${arm.name}`, [value], `: ${name}`, () => {
    file.returns(call(`new ${name}`, object([[arm.name, 'value']])))
  })
}

function armType({ use, length }: ModelArm, context: EmitContext): string {
  return fieldType(use, length !== undefined, context)
}

function armSpec(arm: ModelArm, context: EmitContext): Expression {
  const spec = [quote(arm.wireName), quote(arm.name), typeReference(arm.use, context)]
  if (arm.length !== undefined || arm.chosenBy !== undefined) spec.push(String(arm.length))
  if (arm.chosenBy !== undefined) spec.push(String(arm.chosenBy.value))
  return array(spec)
}
