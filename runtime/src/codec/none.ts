/**
 * "None", "any" or "all" where an index stands (VPP writes `~0`): no interface in a route's path, all interfaces in a
 * dump. What VPP answers has this number too. -1 is taken for it.
 */
export const NONE = 0xffff_ffff
