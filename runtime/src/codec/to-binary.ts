import type { FormCodec } from './form/form-codec.ts'
import type { BlockPlan, Plan } from './plan.ts'
import { shapeOf } from './shape.ts'
import type { Loose } from './union-arm.ts'
import { makeView } from './view.ts'

/** A copy of a message or struct whose addresses are in binary form. What is not an address stays: encoding names it. */
export function blockToBinary(block: BlockPlan, instance: object): object {
  const values = block.fields.map(({ plan, property }) => toBinary(plan, (instance as Loose)[property]))
  return shapeOf(block).construct(values)
}

/** As `blockToBinary`, for a value of any plan. */
export function toBinary(plan: Plan, value: unknown): unknown {
  switch (plan.kind) {
    case 'form':
      return formToBinary(plan.form, value)
    case 'array':
      return (value as readonly unknown[]).map((item) => toBinary(plan.element, item))
    case 'block':
      return blockToBinary(plan, value as object)
    default:
      return value
  }
}

function formToBinary({ binary, size, write }: FormCodec, value: unknown): unknown {
  if (binary === undefined) return value
  const bytes = Buffer.alloc(size)
  return write(bytes, 0, value) ? binary.read(bytes, makeView(bytes), 0) : value
}
