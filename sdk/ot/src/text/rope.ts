import type { Lanes } from '../hash.ts'
import { Cursor } from './cursor.ts'
import { Leaf, type Owner } from './leaf.ts'
import { MAX_LEAF } from './leaf-hash.ts'
import { EMPTY_PIECE, layOverPiece, type Piece, slicePiece, splicePiece } from './piece.ts'
import type { StyleChange } from './style.ts'
import { concatenate, makeLeaves, makeTree, MIN_LEAF, splitAtLeaf, type Tree, treeLanes, treeWeights } from './tree.ts'

/**
 * The content as a tree of leaves in order, each branch knowing the lengths of its children. An edit inside one leaf
 * changes that leaf and the lengths above it; any other edit cuts the tree between leaves and joins it again.
 *
 * Nodes are shared with snapshots: a node is changed in place only where it carries this rope's owner token, else copied.
 * `share()` hands out the tree and takes a new token, so both sides own nothing at first.
 */
export class Rope {
  private root: Tree
  private owner: Owner
  private readonly cursor = new Cursor()

  constructor(root?: Tree) {
    this.owner = {}
    this.root = root ?? new Leaf(this.owner, EMPTY_PIECE)
  }

  get length(): number {
    return this.root.length
  }

  /** The tree as it is now; later edits of this rope leave it alone. */
  share(): Tree {
    this.owner = {}
    return this.root
  }

  /** The tree as it is now, for a reader that is done before the next edit. */
  peek(): Tree {
    return this.root
  }

  /** The unit at a position inside the document. */
  unitAt(at: number): number {
    const leaf = this.cursor.hold(this.root, at)
    return leaf.unitAt(at - this.cursor.start)
  }

  /** Whether a boundary separates the two units of a surrogate pair. */
  splitsPair(at: number): boolean {
    const leaf = this.cursor.seek(this.root, at)
    return leaf.splitsPair(at - this.cursor.start)
  }

  /** The leaf that holds the unit at `at`, and where it starts. */
  leafOf(at: number): { readonly leaf: Leaf; readonly start: number } {
    const leaf = this.cursor.hold(this.root, at)
    return { leaf, start: this.cursor.start }
  }

  /** Puts `piece` in place of the units from `from` to `to`. */
  replace(from: number, to: number, piece: Piece): void {
    const leaf = this.cursor.seek(this.root, from)
    const growth = piece.text.length - (to - from)
    const after = leaf.length + growth
    const fits = after <= MAX_LEAF && (after >= MIN_LEAF || growth >= 0 || this.root === leaf)
    if (!fits || to > this.cursor.start + leaf.length) return this.restructure(from, to, [piece])
    const offset = from - this.cursor.start
    this.root = this.cursor.own(this.root, this.owner)
    const owned = this.cursor.leaf!
    if (owned.runs === undefined && piece.runs === undefined) owned.splice(offset, to - from, piece.text)
    else owned.set(splicePiece(owned, offset, to - from, piece))
    this.cursor.changed(growth)
  }

  /** Puts pieces of any number and size at `at`. */
  insertAll(at: number, inserted: readonly Piece[]): void {
    this.restructure(at, at, inserted)
  }

  /** Lays a change of attributes over the units from `from` to `to`. */
  layOver(from: number, to: number, change: StyleChange): void {
    for (let at = from; at < to; ) {
      this.cursor.hold(this.root, at)
      this.root = this.cursor.own(this.root, this.owner)
      const leaf = this.cursor.leaf!
      const start = this.cursor.start
      const end = Math.min(to, start + leaf.length)
      leaf.set(layOverPiece(leaf, at - start, end - start, change))
      this.cursor.changed(0)
      at = end
    }
  }

  /** Sum and weight of the whole content (docs/content-hash.md). */
  lanes(): { readonly sum: Lanes; readonly weight: Lanes } {
    return { sum: treeLanes(this.root), weight: treeWeights(this.root) }
  }

  /** Rebuilds the leaves that an edit touches, and a neighbour where they would become too small. */
  private restructure(from: number, to: number, inserted: readonly Piece[]): void {
    const length = inserted.reduce((sum, piece) => sum + piece.text.length, 0)
    const { start, end, before, after } = this.touched(from, to, length)
    const [left, rest] = splitAtLeaf(this.owner, this.root, start)
    const right = rest === undefined ? undefined : splitAtLeaf(this.owner, rest, end - start)[1]
    const middle = makeTree(this.owner, makeLeaves(this.owner, [...before, ...inserted, ...after]))
    const tree = concatenate(this.owner, concatenate(this.owner, left, middle), right)
    this.root = tree ?? new Leaf(this.owner, EMPTY_PIECE)
    this.cursor.forget()
  }

  /** Leaf boundaries around an edit, and what stands between them and the edit. */
  private touched(from: number, to: number, inserted: number) {
    const first = { leaf: this.cursor.seek(this.root, from), start: this.cursor.start }
    const last = { leaf: this.cursor.seek(this.root, to), start: this.cursor.start }
    let start = first.start
    let end = last.start + last.leaf.length
    const before: Piece[] = [slicePiece(first.leaf, 0, from - start)]
    const after: Piece[] = [slicePiece(last.leaf, to - last.start, last.leaf.length)]
    const length = from - start + inserted + end - to
    if (length > 0 && length < MIN_LEAF && end < this.length) {
      const next = this.leafOf(end)
      after.push(next.leaf)
      end = next.start + next.leaf.length
    } else if (length > 0 && length < MIN_LEAF && start > 0) {
      const previous = this.leafOf(start - 1)
      before.unshift(previous.leaf)
      start = previous.start
    }
    return { start, end, before, after }
  }
}
