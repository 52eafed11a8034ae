/** Number of addresses from the first to the last, which is not positive when they are the other way around. */
export function countBetween(first: string, last: string): number {
  return numberOf(last) - numberOf(first) + 1
}

/** All addresses from the first to the last. */
export function* addressesBetween(first: string, last: string): Iterable<string> {
  for (let number = numberOf(first); number <= numberOf(last); number++) yield textOf(number)
}

/** Ranges of addresses, each as long as it can be, in order. @param most addresses of one */
export function* rangesOf(
  addresses: Iterable<string>,
  most: number,
): Iterable<{ readonly first: string; readonly last: string }> {
  const numbers = Array.from(addresses, numberOf).sort((a, b) => a - b)
  let at = 0
  while (at < numbers.length) {
    const first = numbers[at] ?? 0
    let count = 1
    while (count < most && numbers[at + count] === first + count) count++
    yield { first: textOf(first), last: textOf(first + count - 1) }
    at += count
  }
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.')
}
