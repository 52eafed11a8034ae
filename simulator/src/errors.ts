/** Stable codes of every error this package raises. */
export type SimulatorErrorCode =
  | 'SIMULATOR_LISTEN'
  | 'SIMULATOR_RELEASE'
  | 'SIMULATOR_MESSAGE'
  | 'SIMULATOR_STATE'
  | 'SIMULATOR_RETVAL'
  | 'SIMULATOR_VIOLATION'

/** Base of all errors of the simulator. Match on `code`, not on the class or the text. */
export class SimulatorError extends Error {
  readonly code: SimulatorErrorCode

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** Values of `VNET_API_ERROR_*` that the model uses, by VPP's names. */
export const RETVAL = {
  UNSPECIFIED: -1,
  INVALID_SW_IF_INDEX: -2,
  NO_SUCH_FIB: -3,
  NO_SUCH_INNER_FIB: -4,
  NO_SUCH_ENTRY: -6,
  INVALID_VALUE: -7,
  INVALID_VALUE_2: -8,
  UNIMPLEMENTED: -9,
  INVALID_SW_IF_INDEX_2: -10,
  FEATURE_DISABLED: -30,
  SYSCALL_ERROR_1: -11,
  SYSCALL_ERROR_2: -12,
  SYSCALL_ERROR_4: -14,
  INVALID_REGISTRATION: -31,
  NO_PATHS_IN_ROUTE: -52,
  NO_MATCHING_INTERFACE: -54,
  INVALID_VLAN: -55,
  VLAN_ALREADY_EXISTS: -56,
  INVALID_SRC_ADDRESS: -57,
  INVALID_DST_ADDRESS: -58,
  ADDRESS_LENGTH_MISMATCH: -59,
  ADDRESS_NOT_FOUND_FOR_INTERFACE: -60,
  ADDRESS_NOT_DELETABLE: -61,
  IP6_NOT_ENABLED: -62,
  INVALID_PROTOCOL: -153,
  NO_CHANGE: -160,
  NO_SUCH_NODE: -63,
  NO_SUCH_TABLE: -65,
  INVALID_MEMORY_SIZE: -70,
  ILLEGAL_NAME: -133,
  SUBIF_ALREADY_EXISTS: -68,
  INVALID_INTERFACE: -71,
  INVALID_VLAN_TAG_COUNT: -72,
  INVALID_ARGUMENT: -73,
  UNEXPECTED_INTF_STATE: -74,
  TUNNEL_EXIST: -75,
  IF_ALREADY_EXISTS: -79,
  VALUE_EXIST: -81,
  SAME_SRC_DST: -82,
  INVALID_WORKER: -89,
  INVALID_SUB_SW_IF_INDEX: -98,
  ADDRESS_IN_USE: -105,
  ADDRESS_FOUND_FOR_INTERFACE: -114,
  ENTRY_ALREADY_EXISTS: -116,
  BD_ALREADY_EXISTS: -119,
  BD_IN_USE: -120,
  BD_NOT_MODIFIABLE: -121,
  BD_ID_EXCEED_MAX: -122,
  L2_MACS_EVENT_CLINET_PRESENT: -124,
  UNSUPPORTED: -126,
  DUPLICATE_IF_ADDRESS: -127,
  NO_NAME_SERVERS: -134,
  NAME_SERVER_NOT_FOUND: -135,
  ACL_IN_USE_INBOUND: -142,
  ACL_IN_USE_OUTBOUND: -143,
  INSTANCE_IN_USE: -147,
  ACL_IN_USE_BY_LOOKUP_CONTEXT: -149,
  BD_ALREADY_HAS_BVI: -152,
  EAGAIN: -165,
  BUG: -168,
  FEATURE_ALREADY_DISABLED: -169,
  FEATURE_ALREADY_ENABLED: -170,
  INVALID_PREFIX_LENGTH: -171,
} as const

/** What VPP calls the values of `RETVAL`. */
export type RetvalName = keyof typeof RETVAL

/**
 * VPP would refuse this with a negative `retval`. Thrown by the model and by handlers; the client gets a reply with
 * that `retval`.
 */
export class RetvalError extends SimulatorError {
  /** Value for the reply. */
  readonly retval: number

  /** @param reason VPP's name of the error, or a number */
  constructor(reason: RetvalName | number) {
    const retval = typeof reason === 'number' ? reason : RETVAL[reason]
    super('SIMULATOR_RETVAL', `retval ${retval}${typeof reason === 'number' ? '' : ` (${reason})`}`)
    this.retval = retval
  }
}
