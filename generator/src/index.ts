/**
 * Generates TypeScript bindings from VPP's API definitions, and gives access to what it knows of them on the way:
 * definitions imported from VPP's source (`importTree`), as read (`loadSchema`), resolved (`buildModel`), as text in
 * memory (`renderBindings`), on the disk (`generate`, `checkOutput`), compared (`diffSchemas`, `findUsage`), judged
 * (`lintSchema`).
 */
export { GeneratorError, type GeneratorErrorCode } from './errors.ts'
export { formatProblem, type Problem, type ProblemCode } from './problem.ts'
export { readDefinition, type Definition } from './input/definition.ts'
export { loadSchema, type LoadOptions } from './input/load.ts'
export type * from './schema/module.ts'
export * from './idl/index.ts'
export { buildModel } from './model/build.ts'
export type * from './model/model.ts'
export { camelCase, pascalCase } from './rules/names.ts'
export {
  checkOutput,
  generate,
  renderBindings,
  type Counts,
  type GenerateOptions,
  type GenerateResult,
  type Step,
} from './generate.ts'
export { renderSubset, type SubsetOptions } from './emit/subset.ts'
export type { GeneratedFile } from './emit/files.ts'
export type { EmitOptions, Layout } from './emit/options.ts'
export type { SourceFile } from './emit/source-file.ts'
export type { Expression } from './emit/literal.ts'
export { exportFiles, type ExportedFile } from './tools/export/export.ts'
export { readInput, type InputOptions } from './input/read.ts'
export type { Input, InputFile } from './schema/input.ts'
export type { LiveDefinitions, LiveVpp } from './input/live-vpp.ts'
export type { Change, ChangeKind, Effect, Impact } from './tools/diff/change.ts'
export { diffSchemas, filterByImpact } from './tools/diff/diff.ts'
export { diffMarkdown } from './tools/diff/print.ts'
export type * from './tools/diff/report.ts'
export { lintSchema, type RuleChoice } from './tools/lint/lint.ts'
export type { Finding } from './tools/lint/rule.ts'
export { limitToUsage } from './tools/usage/limit.ts'
export { findUsage, type Usage } from './tools/usage/usage.ts'
export type { ModuleContext, OutputContext, Plugin, PluginContext } from './plugin/plugin.ts'
export { http } from './plugin/http.ts'
export { rpc } from './plugin/rpc.ts'
export { zod } from './plugin/zod.ts'
