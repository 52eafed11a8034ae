import { NAT } from './nat-steps.ts'
import { QUIRKS } from './quirk-steps.ts'
import { SERVICES } from './service-steps.ts'
import type { Step } from './steps.ts'
import { BASICS } from './steps.ts'

/** The chapters of the script. Each finds an empty VPP. */
export const CHAPTERS: Readonly<Record<string, readonly Step[]>> = {
  ...BASICS,
  ...QUIRKS,
  ...SERVICES,
  ...NAT,
}
