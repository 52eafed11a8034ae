import { element, setText } from './dom.ts'
import { freshId, hintOf, type FieldOptions, type FormField } from './form-field.ts'
import {
  alternativesOf,
  choicesOf,
  discriminatorOf,
  inSentence,
  isEqual,
  isRecord,
  isScalar,
  labelOf,
  takes,
  type JsonSchema,
} from './json-schema.ts'
import { CheckField, ChecksField, ChoiceField, LinesField, TextField } from './scalar-fields.ts'

/** Fields up to which all are shown at once. */
const FEW = 7

/** A form for an item as a whole. @param how which of its fields are shown, and which stay as they are */
export function itemField(options: FieldOptions, how: ObjectFieldOptions): FormField {
  const alternatives = alternativesOf(options.schema)
  return alternatives.length > 1
    ? new VariantField(options, alternatives, how)
    : new ObjectField(options, { ...how, bare: true })
}

/** A form for a value that a JSON schema describes. */
export function schemaField(options: FieldOptions): FormField {
  const { schema, required, value } = options
  if (schema.type === 'boolean') {
    return typeof schema.default === 'boolean' ? new CheckField(options, false) : new ChoiceField(options)
  }
  const choices = choicesOf(schema)
  if (choices !== undefined) {
    if (choices.length === 1 && choices[0] === true) return new CheckField(options, undefined)
    return new ChoiceField(options)
  }
  if (isScalar(schema)) return new TextField(options)
  if (schema.type === 'array' && schema.items !== undefined) return listField(options, schema.items)
  const isGiven = value !== undefined && !isEqual(value, schema.default)
  if (schema.type === 'object' && schema.properties !== undefined) {
    return required ? new ObjectField(options) : new OptionalField(options, isGiven)
  }
  const alternatives = alternativesOf(schema)
  if (alternatives.length < 2) return LinesField.json(options)
  // An empty list is as good as none.
  const isList = alternatives.some(({ type }) => type === 'array')
  return required || isList ? new VariantField(options, alternatives) : new OptionalField(options, isGiven)
}

function listField(options: FieldOptions, items: JsonSchema): FormField {
  const choices = choicesOf(items)
  if (choices !== undefined) return new ChecksField(options, choices)
  return isScalar(items) ? LinesField.list(options) : new ListField(options, items)
}

/** Fields of an object; those that matter less are folded away. */
class ObjectField implements FormField {
  readonly element: HTMLElement
  readonly #fields = new Map<string, FormField>()
  readonly #constants = new Map<string, unknown>()
  readonly #defaults = new Map<string, unknown>()
  readonly #required: ReadonlySet<string>
  readonly #problem = element('p', { class: 'problem', hidden: true })
  readonly #more: HTMLDetailsElement | undefined

  /**
   * @param usual fields that are shown though nothing is given
   * @param bare without a frame and a name around it
   * @param fixed fields that stay as they are
   */
  constructor(
    { label, schema, value }: FieldOptions,
    { usual = [], bare = false, fixed = [] }: ObjectFieldOptions = {},
  ) {
    const given = isRecord(value) ? value : {}
    const required = new Set(schema.required)
    this.#required = required
    const shown: Node[] = []
    const folded: Node[] = []
    const properties = Object.entries(schema.properties ?? {})
    for (const [name, it] of properties) {
      if ('const' in it && required.has(name)) {
        this.#constants.set(name, it.const)
        continue
      }
      if (fixed.includes(name)) {
        if (given[name] !== undefined) this.#constants.set(name, given[name])
        continue
      }
      const isRequired = required.has(name)
      const field = schemaField({
        label: labelOf(name),
        schema: it,
        required: isRequired,
        value: given[name],
      })
      this.#fields.set(name, field)
      this.#defaults.set(name, it.default)
      const isGiven = given[name] !== undefined && !isEqual(given[name], it.default)
      const isShown = isRequired || isGiven || usual.includes(name) || properties.length <= FEW
      ;(isShown ? shown : folded).push(field.element)
    }
    const fields = element('div', { class: 'form-fields' }, ...shown)
    const content: Node[] = [fields, this.#problem]
    if (folded.length > 0) {
      this.#more = element(
        'details',
        { class: 'form-more' },
        element('summary', {}, `More fields (${folded.length})`),
        element('div', { class: 'form-fields' }, ...folded),
      )
      content.push(this.#more)
    }
    this.element = bare
      ? element('div', { class: 'form-object' }, ...content)
      : element('fieldset', { class: 'form-object framed' }, element('legend', {}, label), ...content)
  }

  value(): Record<string, unknown> {
    const entries = [...this.#constants]
    for (const [name, field] of this.#fields) {
      const value = field.value()
      if (value === undefined || isEqual(value, this.#defaults.get(name))) continue
      // An empty list is what a list that is left out is.
      if (Array.isArray(value) && value.length === 0 && !this.#required.has(name)) continue
      entries.push([name, value])
    }
    return Object.fromEntries(entries)
  }

  complain([name, ...rest]: readonly string[], message: string): void {
    const field = name === undefined ? undefined : this.#fields.get(name)
    if (field !== undefined) {
      field.complain(rest, message)
      if (this.#more?.contains(field.element) === true) this.#more.open = true
      return
    }
    const text = name === undefined ? message : `${[name, ...rest].join('.')}: ${message}`
    this.#problem.hidden = false
    setText(this.#problem, [this.#problem.textContent, text].filter((it) => it !== '').join('; '))
  }

  settle(): void {
    this.#problem.hidden = true
    setText(this.#problem, '')
    for (const field of this.#fields.values()) field.settle()
  }

  focus(): void {
    for (const field of this.#fields.values()) {
      field.focus()
      return
    }
  }
}

/** How the fields of an object are shown. */
export interface ObjectFieldOptions {
  readonly usual?: readonly string[]
  readonly bare?: boolean
  /** Fields that stay as they are, and are not shown. */
  readonly fixed?: readonly string[]
}

/** A value that may be left out as a whole. */
class OptionalField implements FormField {
  readonly element: HTMLElement
  readonly #options: FieldOptions
  readonly #add: HTMLButtonElement
  readonly #remove: HTMLButtonElement
  readonly #problem = element('p', { class: 'problem', hidden: true })
  #field: FormField | undefined

  /** @param isGiven false for a value that is the default */
  constructor(options: FieldOptions, isGiven: boolean) {
    this.#options = options
    const name = inSentence(options.label)
    this.#add = element('button', { type: 'button', class: 'button small' }, `Add ${name}`)
    this.#remove = element('button', { type: 'button', class: 'button small quiet' }, `Remove ${name}`)
    this.#add.addEventListener('click', () => {
      this.#set({})
      this.#field?.focus()
    })
    this.#remove.addEventListener('click', () => {
      this.#set(undefined)
      this.#add.focus()
    })
    const hint = hintOf(options.schema)
    const hintElement = element('p', { class: 'hint', hidden: hint === '' }, hint)
    const buttons = element('div', {}, this.#add, this.#remove)
    this.element = element('div', { class: 'form-field form-wide' }, buttons, hintElement, this.#problem)
    this.#set(isGiven ? options.value : undefined)
  }

  #set(value: unknown): void {
    this.#field?.element.remove()
    this.#field = value === undefined ? undefined : schemaField({ ...this.#options, required: true, value })
    this.#add.hidden = this.#field !== undefined
    this.#remove.hidden = this.#field === undefined
    if (this.#field !== undefined) this.element.prepend(this.#field.element)
  }

  value(): unknown {
    return this.#field?.value()
  }

  complain(path: readonly string[], message: string): void {
    if (this.#field !== undefined) {
      this.#field.complain(path, message)
      return
    }
    this.#problem.hidden = false
    setText(this.#problem, message)
  }

  settle(): void {
    this.#problem.hidden = true
    this.#field?.settle()
  }

  focus(): void {
    if (this.#field === undefined) this.#add.focus()
    else this.#field.focus()
  }
}

/** One of several kinds of values. */
class VariantField implements FormField {
  readonly element: HTMLElement
  readonly #alternatives: readonly JsonSchema[]
  readonly #discriminator: string | undefined
  readonly #label: string
  readonly #objects: ObjectFieldOptions
  readonly #choice: ChoiceField
  #chosen: number
  #field: FormField

  constructor(
    { label, schema, value = schema.default }: FieldOptions,
    alternatives: readonly JsonSchema[],
    objects: ObjectFieldOptions = {},
  ) {
    this.#alternatives = alternatives
    this.#discriminator = discriminatorOf(schema)
    this.#label = label
    this.#objects = objects
    const found = alternatives.findIndex((it) => value !== undefined && takes(it, value))
    // Nothing is given: a value to fill in rather than a word to choose.
    const open = alternatives.findIndex((it) => !('const' in it))
    this.#chosen = Math.max(0, found < 0 ? open : found)
    this.#choice = new ChoiceField({
      label: labelOf(this.#discriminator ?? `${label}: kind of value`),
      schema: { enum: alternatives.map((it, index) => this.#nameOf(it, index)) },
      required: true,
      value: this.#nameOf(alternatives[this.#chosen] ?? {}, this.#chosen),
    })
    this.#field = this.#make(value)
    this.element = element(
      'div',
      { class: 'form-variant form-wide' },
      this.#choice.element,
      this.#field.element,
    )
    this.#choice.listen(() => this.#switch())
  }

  #nameOf(schema: JsonSchema, index: number): string {
    if (this.#discriminator !== undefined) return String(schema.properties?.[this.#discriminator]?.const)
    if ('const' in schema) return String(schema.const)
    return (
      { array: 'a list', object: 'fields', string: 'text', integer: 'a number' }[schema.type ?? ''] ??
      `${index + 1}`
    )
  }

  #make(value: unknown): FormField {
    const schema = this.#alternatives[this.#chosen] ?? {}
    const options = { label: this.#label, schema, required: true, value }
    if ('const' in schema) return new ConstantField(schema.const)
    if (schema.type === 'object' && schema.properties !== undefined) {
      return new ObjectField(options, { bare: true, ...this.#objects })
    }
    return schemaField(options)
  }

  /** What both alternatives have is kept. */
  #switch(): void {
    const names = this.#alternatives.map((it, index) => this.#nameOf(it, index))
    const before = this.#field
    const given = before.value()
    this.#chosen = Math.max(0, names.indexOf(String(this.#choice.value())))
    this.#field = this.#make(isRecord(given) ? given : undefined)
    before.element.replaceWith(this.#field.element)
  }

  value(): unknown {
    return this.#field.value()
  }

  complain(path: readonly string[], message: string): void {
    if (path.length === 1 && path[0] === this.#discriminator) this.#choice.complain([], message)
    else this.#field.complain(path, message)
  }

  settle(): void {
    this.#choice.settle()
    this.#field.settle()
  }

  focus(): void {
    this.#choice.focus()
  }
}

/** A value that there is nothing to say about. */
class ConstantField implements FormField {
  readonly element = element('span', { hidden: true })
  readonly #value: unknown

  constructor(value: unknown) {
    this.#value = value
  }

  value(): unknown {
    return this.#value
  }

  complain(): void {}

  settle(): void {}

  focus(): void {}
}

interface ListEntry {
  readonly element: HTMLLIElement
  readonly field: FormField
}

/** Objects in an order, as the rules of an access list. */
class ListField implements FormField {
  readonly element: HTMLElement
  readonly #items: JsonSchema
  readonly #one: string
  readonly #list = element('ol', { class: 'form-list' })
  readonly #problem = element('p', { class: 'problem', hidden: true })
  readonly #add: HTMLButtonElement
  #entries: ListEntry[] = []

  constructor({ label, schema, value }: FieldOptions, items: JsonSchema) {
    this.#items = items
    this.#one = inSentence(label).replace(/ies$/, 'y').replace(/s$/, '')
    this.#add = element('button', { type: 'button', class: 'button small' }, `Add ${this.#one}`)
    this.#add.addEventListener('click', () => this.#append(undefined).focus())
    const legend = element('legend', { id: freshId() }, label)
    const hint = hintOf(schema)
    this.element = element(
      'fieldset',
      { class: 'form-wide framed' },
      legend,
      element('p', { class: 'hint', hidden: hint === '' }, hint),
      this.#list,
      this.#add,
      this.#problem,
    )
    for (const entry of Array.isArray(value) ? value : []) this.#append(entry)
  }

  #append(value: unknown): FormField {
    const field = schemaField({ label: this.#one, schema: this.#items, required: true, value })
    const buttons = (['Up', 'Down', 'Remove'] as const).map((words) => {
      const label = `${words === 'Remove' ? 'Remove' : `Move ${words.toLowerCase()}`} this ${this.#one}`
      const button = element(
        'button',
        { type: 'button', class: 'button small quiet', 'aria-label': label },
        words,
      )
      button.addEventListener('click', () => this.#change(entry, words))
      return button
    })
    const entry = {
      field,
      element: element('li', {}, field.element, element('div', { class: 'form-buttons' }, ...buttons)),
    }
    this.#entries.push(entry)
    this.#list.append(entry.element)
    return field
  }

  #change(entry: ListEntry, how: 'Up' | 'Down' | 'Remove'): void {
    const at = this.#entries.indexOf(entry)
    const others = this.#entries.toSpliced(at, 1)
    this.#entries =
      how === 'Remove' ? others : others.toSpliced(Math.max(0, at + (how === 'Up' ? -1 : 1)), 0, entry)
    const focused = document.activeElement
    this.#list.replaceChildren(...this.#entries.map((it) => it.element))
    if (how === 'Remove') this.#add.focus()
    else if (focused instanceof HTMLElement) focused.focus()
  }

  value(): unknown {
    return this.#entries.map(({ field }) => field.value())
  }

  complain([index, ...rest]: readonly string[], message: string): void {
    const entry = index === undefined ? undefined : this.#entries[Number(index)]
    if (entry !== undefined) {
      entry.field.complain(rest, message)
      return
    }
    this.#problem.hidden = false
    setText(this.#problem, message)
  }

  settle(): void {
    this.#problem.hidden = true
    for (const { field } of this.#entries) field.settle()
  }

  focus(): void {
    const [first] = this.#entries
    if (first === undefined) this.#add.focus()
    else first.field.focus()
  }
}
