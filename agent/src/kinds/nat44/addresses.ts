/** Number of addresses from the first to the last, which is not positive when they are the other way around. */
export function countBetween(first: string, last: string): number {
  return numberOf(last) - numberOf(first) + 1
}

/** All addresses from the first to the last. */
export function* addressesBetween(first: string, last: string): Iterable<string> {
  for (let number = numberOf(first); number <= numberOf(last); number++) yield textOf(number)
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.')
}
