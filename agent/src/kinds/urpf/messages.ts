import { UrpfInterfaceDetails, UrpfInterfaceDump, UrpfUpdateV2 } from '@vpp-ts/binapi-urpf'
import { derived, indexOf, uses } from '../uses.ts'

const check = {
  swIfIndex: indexOf('interface'),
  isInput: derived('`ip4.input` or `ip4.output`, and of `ip6`'),
  mode: derived('`mode` of a check; off to remove it'),
  af: derived('`ip4` or `ip6`'),
  tableId: derived('`table` of a check'),
}

/** Messages of checks of sources. */
export const URPF_MESSAGES = [
  uses(UrpfUpdateV2, check),
  uses(UrpfInterfaceDump, { swIfIndex: derived('all interfaces') }),
  uses(UrpfInterfaceDetails, check),
]
