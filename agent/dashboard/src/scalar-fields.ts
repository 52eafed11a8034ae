import { element } from './dom.ts'
import { FieldFrame, freshId, hintOf, type FieldOptions, type FormField } from './form-field.ts'
import { alternativesOf, choicesOf, labelOf } from './json-schema.ts'

/** Text or a number. */
export class TextField implements FormField {
  readonly element: HTMLElement
  readonly #input: HTMLInputElement
  readonly #frame: FieldFrame
  readonly #isNumber: boolean
  readonly #isText: boolean

  constructor(options: FieldOptions) {
    const alternatives = alternativesOf(options.schema)
    this.#isNumber = alternatives.some(({ type }) => type === 'integer' || type === 'number')
    this.#isText = alternatives.some(({ type }) => type === 'string')
    const words = alternatives.flatMap((it) => ('const' in it ? [it.const] : (it.enum ?? [])))
    const input = element('input', {
      type: 'text',
      autocomplete: 'off',
      spellcheck: 'false',
      inputmode: this.#isNumber && words.length === 0 ? 'numeric' : undefined,
    })
    input.value = options.value === undefined || options.value === null ? '' : String(options.value)
    this.#input = input
    this.#frame = new FieldFrame(input, options)
    this.element = this.#frame.element
    if (words.length > 0) {
      const id = freshId()
      input.setAttribute('list', id)
      const known = words.map((word) => element('option', { value: String(word) }))
      this.element.append(element('datalist', { id }, ...known))
    }
  }

  value(): unknown {
    return scalarOf(this.#input.value, { isNumber: this.#isNumber, isText: this.#isText })
  }

  complain(path: readonly string[], message: string): void {
    this.#frame.complain(path.length === 0 ? message : `${path.join('.')}: ${message}`)
  }

  settle(): void {
    this.#frame.settle()
  }

  focus(): void {
    this.#input.focus()
  }
}

/** What a reader has written: digits are a number where one may be given. What fits nothing is left to the agent. */
function scalarOf(text: string, { isNumber, isText }: { isNumber: boolean; isText: boolean }): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return isNumber && /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : isText ? text : trimmed
}

/** One of certain values. */
export class ChoiceField implements FormField {
  readonly element: HTMLElement
  readonly #select = element('select')
  readonly #frame: FieldFrame
  readonly #choices: readonly unknown[]

  constructor(options: FieldOptions) {
    const { schema, required, value } = options
    this.#choices = choicesOf(schema) ?? [true, false]
    const standard = schema.default
    if (!required || value === undefined) {
      const nothing = standard === undefined ? 'not set' : `default (${wordOf(standard)})`
      this.#select.append(element('option', { value: '' }, required ? 'choose …' : nothing))
    }
    this.#select.append(
      ...this.#choices.map((choice, index) => element('option', { value: index }, wordOf(choice))),
    )
    const chosen = this.#choices.findIndex((choice) => choice === value)
    this.#select.value = chosen < 0 ? '' : String(chosen)
    this.#frame = new FieldFrame(this.#select, options)
    this.element = this.#frame.element
  }

  /** @param changed is called when another value is chosen */
  listen(changed: () => void): void {
    this.#select.addEventListener('change', changed)
  }

  value(): unknown {
    return this.#select.value === '' ? undefined : this.#choices[Number(this.#select.value)]
  }

  complain(_path: readonly string[], message: string): void {
    this.#frame.complain(message)
  }

  settle(): void {
    this.#frame.settle()
  }

  focus(): void {
    this.#select.focus()
  }
}

function wordOf(value: unknown): string {
  return value === true ? 'yes' : value === false ? 'no' : String(value)
}

/** Yes or no, where one of them is the default. */
export class CheckField implements FormField {
  readonly element: HTMLElement
  readonly #input = element('input', { type: 'checkbox' })
  readonly #problem = element('p', { class: 'problem', hidden: true })
  readonly #off: unknown

  /** @param off what it is when it is not checked */
  constructor({ label, schema, value }: FieldOptions, off: unknown) {
    this.#off = off
    this.#input.id = freshId()
    this.#input.checked = (value ?? schema.default) === true
    const hint = hintOf(schema)
    const hintId = `${this.#input.id}-hint`
    this.#input.setAttribute('aria-describedby', hintId)
    this.element = element(
      'div',
      { class: 'form-field form-check' },
      element('span', { class: 'check' }, this.#input, element('label', { for: this.#input.id }, label)),
      element('p', { class: 'hint', id: hintId, hidden: hint === '' }, hint),
      this.#problem,
    )
  }

  value(): unknown {
    return this.#input.checked ? true : this.#off
  }

  complain(_path: readonly string[], message: string): void {
    this.#problem.hidden = false
    this.#problem.textContent = message
  }

  settle(): void {
    this.#problem.hidden = true
  }

  focus(): void {
    this.#input.focus()
  }
}

/** Several of certain values. */
export class ChecksField implements FormField {
  readonly element: HTMLElement
  readonly #problem = element('p', { class: 'problem', hidden: true })
  readonly #boxes: readonly (readonly [unknown, HTMLInputElement])[]

  constructor({ label, schema, value }: FieldOptions, choices: readonly unknown[]) {
    const given: readonly unknown[] = Array.isArray(value) ? value : []
    this.#boxes = choices.map((choice) => {
      const box = element('input', { type: 'checkbox', id: freshId() })
      box.checked = given.includes(choice)
      return [choice, box] as const
    })
    const hint = hintOf(schema)
    this.element = element(
      'fieldset',
      { class: 'form-field form-checks' },
      element('legend', {}, label),
      element(
        'div',
        { class: 'checks' },
        ...this.#boxes.map(([choice, box]) =>
          element(
            'span',
            { class: 'check' },
            box,
            element('label', { for: box.id }, labelOf(String(choice))),
          ),
        ),
      ),
      element('p', { class: 'hint', hidden: hint === '' }, hint),
      this.#problem,
    )
  }

  value(): unknown {
    const checked = this.#boxes.filter(([, box]) => box.checked).map(([choice]) => choice)
    return checked.length === 0 ? undefined : checked
  }

  complain(_path: readonly string[], message: string): void {
    this.#problem.hidden = false
    this.#problem.textContent = message
  }

  settle(): void {
    this.#problem.hidden = true
  }

  focus(): void {
    this.#boxes[0]?.[1].focus()
  }
}

/** Texts or numbers, one a line; or anything else as JSON. */
export class LinesField implements FormField {
  readonly element: HTMLElement
  readonly #area: HTMLTextAreaElement
  readonly #frame: FieldFrame
  readonly #read: (text: string) => unknown

  private constructor(options: FieldOptions, text: string, read: (text: string) => unknown) {
    this.#read = read
    const rows = Math.min(12, Math.max(2, text.split('\n').length))
    this.#area = element('textarea', { rows, spellcheck: 'false', autocomplete: 'off' })
    this.#area.value = text
    this.#frame = new FieldFrame(this.#area, options)
    this.element = this.#frame.element
  }

  /** A list of scalars. */
  static list(options: FieldOptions): LinesField {
    const alternatives = alternativesOf(options.schema.items ?? {})
    const isNumber = alternatives.some(({ type }) => type === 'integer' || type === 'number')
    const isText = alternatives.some(({ type }) => type === 'string')
    const text = Array.isArray(options.value) ? options.value.map(String).join('\n') : ''
    return new LinesField({ ...options, label: `${options.label}, one a line` }, text, (written) =>
      written
        .split('\n')
        .map((line) => scalarOf(line.trim(), { isNumber, isText }))
        .filter((it) => it !== undefined),
    )
  }

  /** Any value. */
  static json(options: FieldOptions): LinesField {
    const text = options.value === undefined ? '' : JSON.stringify(options.value, undefined, 2)
    return new LinesField({ ...options, label: `${options.label}, as JSON` }, text, (written) => {
      if (written.trim() === '') return undefined
      try {
        return JSON.parse(written) as unknown
      } catch {
        // The agent says what it expects instead.
        return written
      }
    })
  }

  value(): unknown {
    return this.#read(this.#area.value)
  }

  complain(path: readonly string[], message: string): void {
    const [index, ...rest] = path
    const line = index !== undefined && /^\d+$/.test(index) ? [`line ${Number(index) + 1}`, ...rest] : path
    this.#frame.complain(line.length === 0 ? message : `${line.join('.')}: ${message}`)
  }

  settle(): void {
    this.#frame.settle()
  }

  focus(): void {
    this.#area.focus()
  }
}
