import type { ApiJson } from '../idl/index.ts'

/** A parsed `.api.json` file that fits the published JSON Schema: sections may be left out where they are empty. */
export type ApiDocument = Pick<ApiJson, 'types' | 'messages' | 'vl_api_version'> & Partial<ApiJson>
