import { VppMessageUnavailableError } from '@vpp-ts/runtime'

/** What a dump gives, or nothing when the VPP has no such message because the plugin is not loaded. */
export async function ifAvailable<T>(dump: () => Promise<T[]>): Promise<T[]> {
  try {
    return await dump()
  } catch (error) {
    if (error instanceof VppMessageUnavailableError) return []
    throw error
  }
}
