import type { MessageDescriptor } from './descriptor.ts'
import { Refusal, within } from './errors.ts'
import { planBlock } from './make-plan.ts'
import type { BlockPlan, FieldPlan } from './plan.ts'
import { refusalError } from './refusal-error.ts'
import type { Loose } from './union-arm.ts'

/** Refuses a request that leaves out what it must say. */
export type CheckLeftOut = (request: object) => void

/** @throws Refusal */
type Check = (value: unknown) => void

/**
 * Interface indexes that the API has no default for must be given in a request: 0 is `local0`, which is never meant by
 * saying nothing. Instances of the class say everything. Undefined when the message has no such field.
 * @returns what throws VppEncodeError
 */
export function leftOutCheck(descriptor: MessageDescriptor): CheckLeftOut | undefined {
  const block = planBlock(descriptor)
  const check = blockCheck(block)
  if (check === undefined) return undefined
  return (request) => {
    try {
      check(request)
    } catch (error) {
      throw error instanceof Refusal ? refusalError(error, block, descriptor.name) : error
    }
  }
}

function blockCheck(block: BlockPlan): Check | undefined {
  const checks = block.fields.flatMap((field) => {
    const check = fieldCheck(field)
    return check === undefined ? [] : [{ property: field.property, check }]
  })
  if (checks.length === 0) return undefined
  const { ctor } = block.descriptor
  return (value) => {
    if (typeof value !== 'object' || value === null) return
    if (ctor !== undefined && value instanceof ctor) return
    for (const { property, check } of checks) {
      try {
        check((value as Loose)[property])
      } catch (error) {
        throw within(error, property)
      }
    }
  }
}

function fieldCheck({ plan, required }: FieldPlan): Check | undefined {
  if (plan.kind === 'array') return arrayCheck(plan.element.kind === 'block' ? plan.element : undefined)
  if (plan.kind !== 'block') return required ? refuseUndefined : undefined
  const check = blockCheck(plan)
  if (check === undefined) return undefined
  return (value) => check(value === undefined && required ? {} : value)
}

function arrayCheck(element: BlockPlan | undefined): Check | undefined {
  const check = element === undefined ? undefined : blockCheck(element)
  if (check === undefined) return undefined
  return (value) => {
    if (!Array.isArray(value)) return
    for (const [index, item] of value.entries()) {
      try {
        check(item)
      } catch (error) {
        throw within(error, index)
      }
    }
  }
}

function refuseUndefined(value: unknown): void {
  if (value !== undefined) return
  throw new Refusal('an interface index (NONE where none is meant, 0 for local0)', undefined)
}
