import type { EnumStatement } from './ast.ts'
import type { FileReport } from './diagnostics.ts'
import { memberValue, type EnumBaseName } from '../rules/scalars.ts'
import { enumValues, isBackwardsCompatible } from './enum-values.ts'

/** Checks names, values and the order of the members of an enum. */
export function checkEnum(statement: EnumStatement, report: FileReport): void {
  const { members, base, name } = statement
  const values = enumValues(statement)
  const seen = new Set<string>()
  let compatible: string | undefined
  for (const [index, member] of members.entries()) {
    const value = values[index] ?? 0n
    if (seen.has(member.name)) {
      report.error('IDL_ENUM', member.at, `member "${member.name}" of "${name}" is defined twice: remove one`)
    }
    seen.add(member.name)
    if (isBackwardsCompatible(member)) compatible = member.name
    else if (compatible !== undefined) {
      const remedy = `move "${member.name}" before it or mark it as well`
      report.error(
        'IDL_ENUM',
        member.at,
        `"${compatible}" is backwards_compatible, which must come last: ${remedy}`,
      )
    }
    if (statement.kind === 'enumflag' && !isSingleBit(value)) {
      const remedy = 'write the value of every member, as enumflag does not double'
      report.error('IDL_ENUM', member.at, `"${member.name}" = ${value} is not a single bit: ${remedy}`)
    }
    checkRange(member.name, value, base, member.at, report)
  }
}

/** Zero or a power of two. */
function isSingleBit(value: bigint): boolean {
  return value >= 0n && (value & (value - 1n)) === 0n
}

function checkRange(name: string, value: bigint, base: EnumBaseName, at: number, report: FileReport): void {
  if (memberValue(Number(value), base) === undefined) {
    report.error(
      'IDL_ENUM',
      at,
      `"${name}" = ${value} does not fit ${base}: use a wider type or a smaller value`,
    )
  } else if (value < 0n && base.startsWith('u')) {
    report.warning(
      'IDL_ENUM',
      at,
      `"${name}" = ${value} is negative in an unsigned ${base}: VPP stores its complement`,
    )
  }
}
