import { VppApiError, VppMessageUnavailableError } from '@vpp-ts/runtime'

/** What a dump gives, or nothing when the VPP has no such message because the plugin is not loaded. */
export async function ifAvailable<T>(dump: () => Promise<T[]>): Promise<T[]> {
  try {
    return await dump()
  } catch (error) {
    if (error instanceof VppMessageUnavailableError) return []
    throw error
  }
}

/** What VPP answers, or undefined when it refuses because what is asked about has been deleted. */
export async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof VppApiError) return undefined
    throw error
  }
}
