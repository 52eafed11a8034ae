import type { PathSegment } from './errors.ts'
import type { BlockPlan, FieldPlan, Plan } from './plan.ts'

/** Names of fields that hold keys, passwords and the like: `private_key`, `crypto_key`, memif's `secret`, IPsec's `salt`. */
const SECRET_NAME = /(?:^|_)(?:key|certkey|psk|salt)$|secret|passw|passphrase|^sk_/
/** Types and messages whose field `data` is what the name of the type says. */
const SECRET_OWNER: ReadonlySet<string> = new Set(['key', 'hmac_key', 'ikev2_auth', 'ikev2_profile_set_auth'])

/**
 * Whether a field holds what must not be seen in a log. Numbers are no keys (GRE's `key`, a kind of lookup key) unless
 * the name says so.
 */
export function isSecret(block: BlockPlan, { wireName, plan }: FieldPlan): boolean {
  if (wireName === 'data') return SECRET_OWNER.has(block.descriptor.name)
  if (wireName === 'public_key' || !SECRET_NAME.test(wireName)) return false
  if (plan.kind !== 'scalar') return true
  return plan.type !== 'bool' && plan.enum === undefined && /secret|salt/.test(wireName)
}

/** Whether a struct or message has fields that hold secrets. */
export function hasSecrets(block: BlockPlan): boolean {
  return block.fields.some((field) => isSecret(block, field))
}

/** Whether what lies at a path is, or may be, a secret: a mistyped name beside secrets may be that of one. */
export function isSecretAt(plan: Plan, [segment, ...rest]: readonly PathSegment[]): boolean {
  switch (plan.kind) {
    case 'array':
      return typeof segment === 'number' && isSecretAt(plan.element, rest)
    case 'union': {
      const arm = plan.arms.find(({ property }) => property === segment)
      return arm !== undefined && isSecretAt(arm.plan, rest)
    }
    case 'block': {
      if (segment === undefined) return false
      const field = plan.fields.find(({ property }) => property === segment)
      if (field === undefined) return !plan.names.has(String(segment)) && hasSecrets(plan)
      return isSecret(plan, field) || isSecretAt(field.plan, rest)
    }
    default:
      return false
  }
}
