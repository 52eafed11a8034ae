/**
 * Rows in the order of a number or a text of each. Every row is asked once: thousands of rows are sorted again with
 * every view.
 */
export function sorted<T>(rows: readonly T[], by: (row: T) => number | string, descending: boolean): T[] {
  const sign = descending ? -1 : 1
  return rows
    .map((row) => ({ row, key: sortKey(by(row)) }))
    .sort((one, other) => (one.key < other.key ? -sign : one.key > other.key ? sign : 0))
    .map(({ row }) => row)
}

/** Digits of the longest number that counts as one. */
const DIGITS = 12

/** Text whose order is that of the numbers in it: `eth2` comes before `eth10`, whatever its capitals. */
function sortKey(value: number | string): number | string {
  return typeof value === 'number'
    ? value
    : value.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(DIGITS, '0'))
}
