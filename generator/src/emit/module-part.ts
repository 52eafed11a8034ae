/** A file that is added to the folder of a module. */
export interface ModulePart {
  readonly name: string
  readonly text: string
  /** Whether `index.ts` exports all of it. */
  readonly exported: boolean
  /** Packages that it imports beside the runtime. */
  readonly peerDependencies?: Readonly<Record<string, string>> | undefined
}
