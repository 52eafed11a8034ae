/** OpenAPI 3.1 of VPP's API, from generated bindings as well as from definitions loaded at run time. */
export { openApiDocument, type OpenApiDocument, type OpenApiOptions } from './document.ts'
export { isServable, type MethodShape, type RouteShape } from './route.ts'
