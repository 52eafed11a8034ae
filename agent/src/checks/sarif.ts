import { pathToFileURL } from 'node:url'
import { isAbsolute } from 'node:path'
import { idOf } from '../model/item-ref.ts'
import { RULES, type Finding, type RuleCode } from './finding.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const CODES = Object.keys(RULES) as RuleCode[]

/** Findings in SARIF 2.1.0, the format in which CI systems take them. @param version of the agent */
export function sarifOf(findings: readonly Finding[], version: string): object {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vpp-ts-agent',
            version,
            informationUri: 'https://github.com/vpp-ts/vpp-ts',
            rules: CODES.map((id) => ({ id, shortDescription: { text: RULES[id] } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map(resultOf),
      },
    ],
  }
}

function resultOf({ code, severity, file, line, column, item, field, message, remedy }: Finding): object {
  const region =
    line === undefined
      ? {}
      : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } }
  return {
    ruleId: code,
    ruleIndex: CODES.indexOf(code),
    level: severity,
    message: { text: `${message}; ${remedy}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region } }],
    properties: { field, remedy, ...(item === undefined ? {} : { item: idOf(item) }) },
  }
}

function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href
  return file.split('/').map(encodeURIComponent).join('/')
}
