export {
  DEFAULT_AGENTX_SOCKET,
  SnmpSubagent,
  type SnmpSubagentEvents,
  type SnmpSubagentOptions,
} from './subagent.ts'
