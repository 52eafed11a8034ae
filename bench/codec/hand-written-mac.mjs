const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'))

/** Six bytes as `02:fe:00:00:00:01`. */
export function formatMac(b, at) {
  return `${HEX[b[at]]}:${HEX[b[at + 1]]}:${HEX[b[at + 2]]}:${HEX[b[at + 3]]}:${HEX[b[at + 4]]}:${HEX[b[at + 5]]}`
}

/** The reverse. */
export function parseMac(b, at, text) {
  if (text.length !== 17) throw new RangeError('no MAC address')
  for (let i = 0; i < 6; i++) b[at + i] = parseInt(text.slice(3 * i, 3 * i + 2), 16)
}
