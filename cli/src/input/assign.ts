import type { MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { suggest } from '@vpp-ts/runtime/dynamic'
import { CliError } from '../errors.ts'
import { kindOf, partsOf } from './field-types.ts'
import type { Kind, Owner, Part } from './field-types.ts'
import { formatSteps, parsePath } from './path.ts'
import type { Step } from './path.ts'
import { parseValue } from './value.ts'
import type { InterfaceLookup } from './value.ts'

/** A request as it is put together. */
export type Request = Record<string, unknown>

/**
 * Sets fields of a request from `path=value` arguments, in their order.
 * @param request what they are added to
 * @throws CliError when a field does not exist or a value does not fit
 */
export async function assignAll(
  descriptor: MessageDescriptor,
  request: Request,
  args: readonly string[],
  lookup: InterfaceLookup,
): Promise<Request> {
  for (const arg of args) {
    const equals = arg.indexOf('=')
    if (equals <= 0) {
      throw new CliError(
        'CLI_USAGE',
        `'${arg}' is not of the form FIELD=VALUE`,
        'as in sw_if_index=1; JSON from stdin is -',
      )
    }
    const { steps, kind } = locate(descriptor, parsePath(arg.slice(0, equals)))
    place(request, steps, await parseValue(kind, arg.slice(equals + 1), formatSteps(steps), lookup))
  }
  requireWhole(request, '')
  return request
}

/** Where a path leads in a message: the steps in VPP's names, and what is there. */
export interface Located {
  readonly steps: readonly Step[]
  readonly kind: Kind
}

/**
 * Follows a path through the definitions.
 * @throws CliError when there is no such field
 */
export function locate(descriptor: MessageDescriptor, path: readonly Step[]): Located {
  const steps: Step[] = []
  let owner: Owner | undefined = descriptor
  let kind: Kind | undefined
  for (const step of path) {
    if (typeof step === 'number') {
      if (kind?.kind !== 'list') throw noList(steps)
      kind = kind.element
      steps.push(step)
    } else {
      if (owner === undefined) throw noFields(steps, kind)
      const part = findPart(owner, step, steps)
      kind = kindOf(part)
      steps.push(part.name)
    }
    owner = kind.kind === 'block' ? kind.owner : undefined
  }
  if (kind === undefined)
    throw new CliError('CLI_USAGE', `${descriptor.name}: a field is missing in front of =`)
  return { steps, kind }
}

function findPart(owner: Owner, name: string, steps: readonly Step[]): Part {
  const parts = partsOf(owner)
  const found = parts.find((part) => part.property === name) ?? parts.find((part) => part.name === name)
  if (found !== undefined) return found
  const names = parts.map((part) => part.name)
  const near = suggest(name, names).map((it) => formatSteps([...steps, it]))
  throw new CliError(
    'CLI_USAGE',
    `${owner.name} has no field ${name}`,
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : names.length > 0
        ? `its fields: ${names.join(', ')}`
        : 'it has no fields',
  )
}

function noList(steps: readonly Step[]): CliError {
  return new CliError('CLI_USAGE', `${formatSteps(steps)} is not a list: leave [ ] out`)
}

function noFields(steps: readonly Step[], kind: Kind | undefined): CliError {
  const path = formatSteps(steps)
  return kind?.kind === 'list'
    ? new CliError('CLI_USAGE', `${path} is a list`, `name one of its elements: ${path}[0]`)
    : new CliError('CLI_USAGE', `${path} has no fields`, `set it as ${path}=VALUE`)
}

/** Puts a value where the steps lead, making what is missing on the way. Steps are names of the definitions. */
function place(request: Request, steps: readonly Step[], value: unknown): void {
  let at: Record<Step, unknown> = request
  steps.forEach((step, index) => {
    if (index === steps.length - 1) {
      at[step] = value
      return
    }
    const existing = Object.hasOwn(at, step) ? at[step] : undefined
    if (typeof existing !== 'object' || existing === null) {
      at[step] = typeof steps[index + 1] === 'number' ? [] : {}
    }
    at = at[step] as Record<Step, unknown>
  })
}

/** Refuses lists with holes: VPP would get zeros where something was forgotten. */
function requireWhole(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const hole = Array.from(value as readonly unknown[]).findIndex((item) => item === undefined)
    if (hole >= 0) {
      throw new CliError('CLI_USAGE', `${path} has ${value.length} elements and ${path}[${hole}] is not set`)
    }
  }
  for (const [key, item] of Object.entries(value)) {
    requireWhole(item, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`)
  }
}
