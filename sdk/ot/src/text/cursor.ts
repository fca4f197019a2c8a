import { Leaf, type Owner } from './leaf.ts'
import { type Branch, ownedCopy, type Tree } from './tree.ts'

/** No branch is deeper: 16^8 leaves are beyond every limit. */
const EXPECTED_DEPTH = 8

/**
 * The path to one leaf, kept between edits: people type where they typed last, so most edits need no search.
 * It is only a hint; whoever restructures the tree forgets it.
 */
export class Cursor {
  /** The leaf it stands on; undefined when forgotten. */
  leaf: Leaf | undefined = undefined
  /** Units of the document before that leaf. */
  start = 0
  private readonly branches: Branch[] = new Array<Branch>(EXPECTED_DEPTH)
  private readonly indexes: number[] = new Array<number>(EXPECTED_DEPTH)
  private depth = 0

  /** Stands on a leaf that holds or touches position `at`: the one that ends there, if one does. */
  seek(root: Tree, at: number): Leaf {
    const leaf = this.leaf
    if (leaf !== undefined && at >= this.start && at <= this.start + leaf.length) return leaf
    return this.descend(root, at)
  }

  /** Stands on the leaf that holds the unit at `at`. */
  hold(root: Tree, at: number): Leaf {
    const leaf = this.leaf
    if (leaf !== undefined && at >= this.start && at < this.start + leaf.length) return leaf
    return this.descend(root, at + 1)
  }

  forget(): void {
    this.leaf = undefined
  }

  /** Makes every node of the path `owner`'s own; answers the root. */
  own(root: Tree, owner: Owner): Tree {
    if (this.leaf!.owner === owner) return root
    let ownedRoot = root
    for (let level = 0; level < this.depth; level++) {
      const branch = ownedCopy(this.branches[level]!, owner) as Branch
      if (level === 0) ownedRoot = branch
      else this.branches[level - 1]!.children[this.indexes[level - 1]!] = branch
      this.branches[level] = branch
    }
    this.leaf = ownedCopy(this.leaf!, owner) as Leaf
    if (this.depth === 0) return this.leaf
    this.branches[this.depth - 1]!.children[this.indexes[this.depth - 1]!] = this.leaf
    return ownedRoot
  }

  /** Tells the owned path that its leaf changed, and by how many units. */
  changed(growth: number): void {
    for (let level = 0; level < this.depth; level++) {
      const branch = this.branches[level]!
      branch.sizes[this.indexes[level]!]! += growth
      branch.length += growth
      branch.lanes = undefined
    }
  }

  private descend(root: Tree, at: number): Leaf {
    let node = root
    let start = 0
    let depth = 0
    while (!(node instanceof Leaf)) {
      const sizes = node.sizes
      const last = sizes.length - 1
      let index = 0
      while (index < last && start + sizes[index]! < at) start += sizes[index++]!
      this.branches[depth] = node
      this.indexes[depth] = index
      depth++
      node = node.children[index]!
    }
    this.depth = depth
    this.start = start
    this.leaf = node
    return node
  }
}
