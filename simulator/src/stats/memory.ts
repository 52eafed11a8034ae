import type { SegmentHeap } from './heap.ts'

/** What an entry needs of the segment that it is in. */
export interface EntryMemory {
  readonly heap: SegmentHeap
  /** Changes something that readers must not see half done. */
  change(make: () => void): void
  /** A pointer to a place of the heap, as VPP has it. */
  pointer(offset: number): bigint
  /** Sets the value of a directory entry. */
  setValue(index: number, value: bigint): void
}
