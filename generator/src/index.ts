/**
 * Generates TypeScript bindings from VPP's API definitions, and gives access to what it knows of them on the way:
 * definitions imported from VPP's source (`importTree`), as read (`loadSchema`), resolved (`buildModel`), as text in
 * memory (`renderBindings`), on the disk (`generate`, `checkOutput`).
 */
export { GeneratorError, type GeneratorErrorCode } from './errors.ts'
export { formatProblem, type Problem, type ProblemCode } from './problem.ts'
export { readDefinition, type Definition } from './schema/definition.ts'
export { loadSchema, type LoadOptions } from './schema/load.ts'
export type * from './schema/module.ts'
export * from './idl/index.ts'
export { buildModel } from './model/build.ts'
export type * from './model/model.ts'
export { camelCase, pascalCase } from './model/names.ts'
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
export type { ModuleContext, OutputContext, Plugin, PluginContext } from './plugin/plugin.ts'
export { http } from './plugin/http.ts'
export { rpc } from './plugin/rpc.ts'
export { zod } from './plugin/zod.ts'
