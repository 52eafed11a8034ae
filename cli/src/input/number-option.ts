import { InvalidArgumentError } from 'commander'

/** Makes a reader of an option that takes a whole number. */
export function wholeNumber(smallest: number, largest: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= smallest && value <= largest) return value
    throw new InvalidArgumentError(`must be a whole number from ${smallest} to ${largest}.`)
  }
}
