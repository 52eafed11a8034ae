import type { EnumMember, EnumStatement } from './ast.ts'

/** The value of every member in order: as written, else one more than the member before, else 0. */
export function enumValues(statement: EnumStatement): readonly bigint[] {
  let next = 0n
  return statement.members.map((member) => {
    const value = member.value ?? next
    next = value + 1n
    return value
  })
}

/** True for a member that was added without changing the CRC of the messages that use the enum. */
export function isBackwardsCompatible(member: EnumMember): boolean {
  return member.options.some((option) => option.name === 'backwards_compatible')
}
