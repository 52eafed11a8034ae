import { InvalidArgumentError } from 'commander'

/** A time in seconds, up to a day. */
export function seconds(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 86_400) return value
  throw new InvalidArgumentError('must be a number of seconds from 0 to 86400.')
}

/** A whole number from 1. */
export function positive(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new InvalidArgumentError('must be a whole number greater than 0.')
}

/** A port number; 0 stands for any. */
export function port(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value
  throw new InvalidArgumentError('must be a port number from 0 to 65535.')
}
