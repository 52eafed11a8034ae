import { expect, it } from 'vitest'
import { exactDefaults } from '../rules/defaults.ts'
import { coerceDefault } from './defaults.ts'

it.each([
  ['u64', '18446744073709551615'],
  ['u64', '9007199254740993'],
  ['i64', '-9223372036854775808'],
  ['i64', '9223372036854775807'],
])('keeps a default of %s exact: %s', (type, digits) => {
  const document = JSON.parse(exactDefaults(`{"default": ${digits}}`)) as { readonly default: string }
  expect(coerceDefault(document.default, type, new Map())).toBe(BigInt(digits))
})

it('leaves short defaults and other numbers as they are', () => {
  const text = '{"default": 4294967295, "other": 18446744073709551615}'
  expect(exactDefaults(text)).toBe(text)
})
