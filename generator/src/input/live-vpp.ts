/** What a running VPP tells of itself. */
export interface LiveDefinitions {
  /** Answer of `get_api_json`: the definitions of all modules that are loaded, but for `memclnt`. */
  readonly json: string
  /** Version that VPP shows, such as `26.06-release`. */
  readonly version: string | undefined
}

/** Asks a running VPP. The generator speaks no protocol itself: who has a client hands this in. */
export interface LiveVpp {
  /** @param socketPath VPP's API socket */
  definitions(socketPath: string): Promise<LiveDefinitions>
}
