import { DELETE, EMBED_KIND, INSERT, KEY_KIND, MAX_LENGTH, RETAIN, SET_KIND, TABLE } from './component.ts'
import { type Invalid, type InvalidCode, invalid } from './invalid.ts'
import type { Operation } from './operation.ts'

/** What stands before the current number: nothing yet, or a component of this tag (an embed counts as {@link TABLE}). */
type Previous = -1 | typeof RETAIN | typeof INSERT | typeof DELETE | typeof TABLE

/** What is wrong with the numbers, given tables that are sound by themselves. */
export function checkComponents(operation: Operation): Invalid | undefined {
  const checker = new ComponentChecker(operation)
  for (let i = 0; i < operation.components.length; i++) {
    const problem = checker.next(operation.components[i]!)
    if (problem !== undefined) return invalid(problem[0], `components[${i}]`, problem[1])
  }
  return checker.end()
}

type Problem = readonly [code: InvalidCode, message: string]

const malformed = (message: string): Problem => ['malformed', message]
const notCanonical = (message: string): Problem => ['not_canonical', message]

class ComponentChecker {
  private readonly operation: Operation
  private readonly hasNull: readonly boolean[]
  private previous: Previous = -1
  private previousPlain = false
  /** A set or key was switched and the component that needs it has not come yet. */
  private setSwitched = false
  private keySwitched = false
  private set = 0
  private key = 0
  private usedSets = 0
  private usedKeys = 0
  private usedEmbeds = 0
  private textAt = 0
  private baseAt = 0

  constructor(operation: Operation) {
    this.operation = operation
    this.hasNull = operation.attributes.map((set) => set.some(([, value]) => value === null))
  }

  next(value: number): Problem | undefined {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) return malformed('a component is a whole number of 32 bits')
    const tag = value & 3
    if (tag === TABLE) return this.table(value >>> 4, (value >>> 2) & 3)
    return this.units(tag, value >>> 2)
  }

  end(): Invalid | undefined {
    const { components, text, attributes, embeds, keys } = this.operation
    const last = `components[${components.length - 1}]`
    if (this.setSwitched || this.keySwitched) return invalid('not_canonical', last, 'a table component that nothing follows')
    if (this.previous === RETAIN && this.previousPlain) return invalid('not_canonical', last, 'a plain retain at the end')
    if (this.textAt < text.length) return invalid('malformed', 'text', `${text.length} units, of which ${this.textAt} are inserted`)
    if (this.usedSets < attributes.length) return invalid('not_canonical', `attributes[${this.usedSets}]`, 'the entry is not used')
    if (this.usedEmbeds < embeds.length) return invalid('not_canonical', `embeds[${this.usedEmbeds}]`, 'the entry is not used')
    if (this.usedKeys < keys.length) return invalid('not_canonical', `keys[${this.usedKeys}]`, 'the entry is not used')
    return undefined
  }

  private table(index: number, kind: number): Problem | undefined {
    if (kind === SET_KIND) return this.switchSet(index)
    if (kind === KEY_KIND) return this.switchKey(index)
    return kind === EMBED_KIND ? this.embed(index) : malformed('table kind 3 does not exist')
  }

  private switchSet(index: number): Problem | undefined {
    if (index > this.operation.attributes.length) return malformed(`attribute set ${index} is not in the table`)
    if (index === this.set) return notCanonical('the set is current already')
    if (this.setSwitched || this.keySwitched) return notCanonical('a set is switched once, before the key')
    this.set = index
    this.setSwitched = true
    return undefined
  }

  private switchKey(index: number): Problem | undefined {
    if (index >= this.operation.keys.length) return malformed(`key ${index} is not in the table`)
    if (index === this.key) return notCanonical('the key is current already')
    if (this.keySwitched) return notCanonical('a key is switched once')
    this.key = index
    this.keySwitched = true
    return undefined
  }

  private embed(index: number): Problem | undefined {
    if (index >= this.operation.embeds.length) return malformed(`embed ${index} is not in the table`)
    if (index !== this.usedEmbeds) return notCanonical('embeds are used in their order, each once')
    this.usedEmbeds++
    return this.inserting() ?? this.use(TABLE)
  }

  private units(tag: number, length: number): Problem | undefined {
    if (length === 0) return notCanonical('an empty component')
    if (tag === INSERT) return this.insert(length)
    this.baseAt += length
    if (this.baseAt > this.operation.baseLength) return ['out_of_range', `reaches ${this.baseAt} of a base of ${this.operation.baseLength} units`]
    return tag === RETAIN ? this.retain() : this.delete()
  }

  private insert(length: number): Problem | undefined {
    const { text } = this.operation
    const end = this.textAt + length
    if (end > text.length || length > MAX_LENGTH) return malformed('inserts more text than there is')
    if (cutsPair(text, end)) return ['surrogate', 'ends within a surrogate pair']
    if (this.previous === INSERT && !this.setSwitched && !this.keySwitched) return notCanonical('equal neighbours are one component')
    this.textAt = end
    return this.inserting() ?? this.use(INSERT)
  }

  private retain(): Problem | undefined {
    if (this.keySwitched) return notCanonical('a key is switched only before an insert')
    if (this.previous === RETAIN && !this.setSwitched) return notCanonical('equal neighbours are one component')
    return this.use(RETAIN)
  }

  private delete(): Problem | undefined {
    if (this.setSwitched || this.keySwitched) return notCanonical('a delete needs no table component')
    if (this.previous === DELETE) return notCanonical('equal neighbours are one component')
    this.previous = DELETE
    return undefined
  }

  /** What text and embeds have in common. */
  private inserting(): Problem | undefined {
    if (this.previous === DELETE) return notCanonical('an insert comes before the delete at its place')
    if (this.set > 0 && this.hasNull[this.set - 1]) return ['attribute', 'null removes an attribute, and inserted content has none to remove']
    if (this.key > this.usedKeys) return notCanonical('keys are listed in order of first use')
    if (this.key === this.usedKeys && this.operation.keys.length > 0) this.usedKeys++
    return undefined
  }

  private use(tag: Previous): Problem | undefined {
    if (this.set > this.usedSets + 1) return notCanonical('attribute sets are listed in order of first use')
    if (this.set === this.usedSets + 1) this.usedSets++
    this.previous = tag
    this.previousPlain = this.set === 0
    this.setSwitched = false
    this.keySwitched = false
    return undefined
  }
}

function cutsPair(text: string, at: number): boolean {
  if (at === 0 || at >= text.length) return false
  const before = text.charCodeAt(at - 1)
  return before >= 0xd800 && before <= 0xdbff
}
