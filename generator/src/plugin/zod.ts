import type { SourceFile } from '../emit/source-file.ts'
import { Descriptions } from '../model/describe.ts'
import type { Model, ModelMethod } from '../model/model.ts'
import { Components, componentOf, type Component } from '../openapi/components.ts'
import type { ModuleContext, Plugin } from './plugin.ts'
import { zodExpression } from './zod-expression.ts'

/** A schema that a module exports from `zod.ts`. */
interface ZodSchema extends Component {
  readonly module: string
  /** Exported name. */
  readonly name: string
}

/**
 * Schemas of requests, replies, details and events in their JSON form: `zod.ts` in every module that has some. What
 * they are made of comes from the `zod.ts` of the module that defines it.
 */
export const zod: Plugin = {
  name: 'zod',
  peerDependencies: { zod: '^4.0.0' },
  module(context) {
    const schemas = schemasOf(context.model)
    const own = [...schemas.values()].filter(({ module }) => module === context.module.name)
    if (own.length === 0) return
    const file = context.source(own.map(({ name }) => name))
    const z = file.from('zod', 'z')
    const nameOf = (ref: string) => localName(schemas.get(componentOf(ref)), context, file)
    own.forEach((schema, index) => {
      if (index > 0) file.blank()
      file.doc([`\`${schema.of.name}\`: ${docOf(schema)}.`])
      file.assign(`export const ${schema.name}`, zodExpression(schema.schema, z, nameOf))
    })
    context.file('zod.ts', file)
  },
}

function localName(schema: ZodSchema | undefined, context: ModuleContext, file: SourceFile): string {
  if (schema === undefined) throw new Error('a schema refers to one that is not there')
  const { module, name } = schema
  return module === context.module.name ? name : file.from(context.specifier(module, 'zod'), name)
}

function docOf({ direction }: Component): string {
  return direction === 'input' ? 'what it can be made from' : 'its JSON form'
}

const known = new WeakMap<Model, ReadonlyMap<string, ZodSchema>>()

/** The schemas of all modules, by the names of their components; made once for a model. */
function schemasOf(model: Model): ReadonlyMap<string, ZodSchema> {
  let schemas = known.get(model)
  if (schemas === undefined) {
    schemas = new Map(makeSchemas(model))
    known.set(model, schemas)
  }
  return schemas
}

function* makeSchemas(model: Model): Iterable<[string, ZodSchema]> {
  const descriptions = new Descriptions()
  const components = new Components()
  for (const { methods } of model.modules)
    for (const method of methods) referTo(method, components, descriptions)
  const taken = new Set<string>()
  for (const [name, component] of components.inOrder()) {
    const item = descriptions.itemOf(component.of)
    const suffix = component.direction === 'input' && component.of.kind !== 'message' ? 'Input' : ''
    let exported = `${item.name}${suffix}Schema`
    while (taken.has(`${item.module} ${exported}`)) exported += '_'
    taken.add(`${item.module} ${exported}`)
    yield [name, { ...component, module: item.module, name: exported }]
  }
}

function referTo(method: ModelMethod, components: Components, descriptions: Descriptions): void {
  if (method.kind === 'event') {
    components.message(descriptions.message(method.event).descriptor, 'output')
    return
  }
  components.message(descriptions.message(method.request).descriptor, 'input')
  if ('details' in method) components.message(descriptions.message(method.details).descriptor, 'output')
  if ('reply' in method) components.message(descriptions.message(method.reply).descriptor, 'output')
}
