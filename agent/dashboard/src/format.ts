const UNITS = ['', 'k', 'M', 'G', 'T', 'P'] as const

/** What stands where there is no number. */
export const NONE = '–'

/** A number with three digits that count and a decimal prefix: 1234 is `1.23 k`. */
function scaled(value: number, unit: string): string {
  let step = 0
  let rest = Math.abs(value)
  while (rest >= 999.5 && step < UNITS.length - 1) {
    rest /= 1000
    step++
  }
  const digits = step === 0 && Number.isInteger(rest) ? 0 : rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2
  const suffix = `${UNITS[step]}${unit}`
  const sign = value < 0 ? '-' : ''
  return `${sign}${rest.toFixed(digits)}${suffix === '' ? '' : ` ${suffix}`}`
}

/** Bytes per second as bits per second. */
export function bitRate(bytesPerSecond: number | null | undefined): string {
  return bytesPerSecond === null || bytesPerSecond === undefined ? NONE : scaled(bytesPerSecond * 8, 'bit/s')
}

/** Packets per second. */
export function packetRate(packetsPerSecond: number | null | undefined): string {
  return packetsPerSecond === null || packetsPerSecond === undefined ? NONE : scaled(packetsPerSecond, 'pps')
}

/** Something per second. */
export function perSecond(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? NONE : scaled(rate, '/s')
}

/** A number as short as it can be read. */
export function short(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : scaled(value, '')
}

/** Bytes. */
export function bytes(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : scaled(value, 'B')
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** A number in full: `12,345`. */
export function full(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : whole.format(value)
}

/** A number of packets a call: how small the small ones are matters. */
export function average(value: number | null | undefined): string {
  return value === null || value === undefined
    ? NONE
    : value.toFixed(value >= 99.95 ? 0 : value >= 0.95 || value === 0 ? 1 : 2)
}

/** A number of a date or time. */
export function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

/** A time of day of the reader, to the millisecond. */
export function clock(iso: string): string {
  const at = new Date(iso)
  const fraction = String(at.getMilliseconds()).padStart(3, '0')
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}:${twoDigits(at.getSeconds())}.${fraction}`
}

/** Day and time of day of the reader. */
export function dateAndTime(iso: string): string {
  const at = new Date(iso)
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits)
  return `${day.join('-')} ${clock(iso)}`
}

/** How long ago something was, in at most two units: `3 d 4 h`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  if (first < 0) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ')
}

/** `1 route`, `2 routes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${full(count)} ${count === 1 ? one : many}`
}
