import { add, multiply } from '../hash-field.ts'
import type { Lanes } from '../hash.ts'
import { hasSurrogates, Leaf, type Owner } from './leaf.ts'
import { leafLanes, leafWeights, MAX_LEAF } from './leaf-hash.ts'
import { joinPieces, type Piece, RunReader } from './piece.ts'

/** Below this a leaf is joined with a neighbour, as far as there is one. */
export const MIN_LEAF = MAX_LEAF / 8

/** What a leaf is filled to when many are made at once: room for edits before the first split. */
const FILLED_LEAF = 768

/** Most children of a branch: looking through 64 sizes that lie side by side costs less than following a pointer to another level. */
export const MAX_CHILDREN = 64

export type Tree = Branch | Leaf

/** Two or more trees of one height less. `sizes` repeats their lengths, so that finding a position reads one array a level. */
export class Branch {
  readonly height: number
  readonly owner: Owner
  readonly children: Tree[]
  readonly sizes: number[]
  length: number
  lanes: Lanes | undefined
  weights: Lanes | undefined

  constructor(owner: Owner, children: Tree[]) {
    this.owner = owner
    this.height = children[0]!.height + 1
    this.children = children
    this.sizes = children.map((child) => child.length)
    this.length = this.sizes.reduce((sum, size) => sum + size, 0)
    this.lanes = undefined
    this.weights = undefined
  }
}

/** A node that may be changed in place; its hash still stands, since its content does. */
export function ownedCopy(node: Tree, owner: Owner): Tree {
  if (node.owner === owner) return node
  if (node instanceof Leaf) return node.copy(owner)
  const branch = new Branch(owner, node.children.slice())
  branch.lanes = node.lanes
  branch.weights = node.weights
  return branch
}

/** The sum of units times powers (docs/content-hash.md), kept in each node until its content changes. */
export function treeLanes(node: Tree): Lanes {
  if (node.lanes !== undefined) return node.lanes
  if (node instanceof Leaf) return (node.lanes = leafLanes(node))
  let [first, second, firstWeight, secondWeight] = [0, 0, 1, 1]
  for (const child of node.children) {
    const lanes = treeLanes(child)
    const weights = treeWeights(child)
    first = add(multiply(first, weights.first), lanes.first)
    second = add(multiply(second, weights.second), lanes.second)
    firstWeight = multiply(firstWeight, weights.first)
    secondWeight = multiply(secondWeight, weights.second)
  }
  node.weights = { first: firstWeight, second: secondWeight }
  return (node.lanes = { first, second })
}

/** What content before this node is multiplied by. */
export function treeWeights(node: Tree): Lanes {
  if (node instanceof Leaf) return leafWeights(node.length)
  if (node.weights === undefined || node.lanes === undefined) treeLanes(node)
  return node.weights!
}

/** Leaves of even size holding the pieces, in order; none for no content. */
export function makeLeaves(owner: Owner, pieces: readonly Piece[]): Leaf[] {
  const piece = joinPieces(pieces)
  const length = piece.text.length
  if (length <= MAX_LEAF) return length === 0 ? [] : [new Leaf(owner, piece)]
  const count = Math.ceil(length / FILLED_LEAF)
  const astral = hasSurrogates(piece.text) ? undefined : false
  return cutEvenly(piece, count).map((part) => new Leaf(owner, part, astral))
}

/** A balanced tree over leaves; undefined for none. */
export function makeTree(owner: Owner, leaves: readonly Leaf[]): Tree | undefined {
  let level: readonly Tree[] = leaves
  while (level.length > 1) level = groupChildren(owner, level)
  return level[0]
}

/** The content of two trees, one after the other. Nodes are shared, none is changed. */
export function concatenate(owner: Owner, left: Tree | undefined, right: Tree | undefined): Tree | undefined {
  if (left === undefined || right === undefined) return left ?? right
  const siblings = joinLevel(owner, left, right)
  return siblings.length === 1 ? siblings[0] : new Branch(owner, siblings)
}

/** What stands before and after a boundary between two leaves. */
export function splitAtLeaf(owner: Owner, node: Tree, at: number): readonly [Tree | undefined, Tree | undefined] {
  if (node.length === 0) return [undefined, undefined]
  if (at <= 0) return [undefined, node]
  if (at >= node.length) return [node, undefined]
  if (node instanceof Leaf) throw new Error(`${at} is inside a leaf of ${node.length} units`)
  let index = 0
  let start = 0
  while (start + node.sizes[index]! <= at) start += node.sizes[index++]!
  const [before, after] = splitAtLeaf(owner, node.children[index]!, at - start)
  const skip = before === undefined || after === undefined ? 0 : 1
  const left = makeBranch(owner, node.children.slice(0, index))
  const right = makeBranch(owner, node.children.slice(index + skip))
  return skip === 0 ? [left, right] : [concatenate(owner, left, before), concatenate(owner, after, right)]
}

/** One or two trees as high as the higher of the two, holding the content of both. */
function joinLevel(owner: Owner, left: Tree, right: Tree): Tree[] {
  if (left.height === right.height) return joinEqual(owner, left, right)
  if (left.height > right.height) {
    const children = (left as Branch).children
    return groupChildren(owner, [...children.slice(0, -1), ...joinLevel(owner, children.at(-1)!, right)])
  }
  const children = (right as Branch).children
  return groupChildren(owner, [...joinLevel(owner, left, children[0]!), ...children.slice(1)])
}

function joinEqual(owner: Owner, left: Tree, right: Tree): Tree[] {
  if (left instanceof Leaf || right instanceof Leaf) return [left, right]
  if (left.children.length + right.children.length > MAX_CHILDREN && Math.min(left.children.length, right.children.length) * 4 >= MAX_CHILDREN) return [left, right]
  return groupChildren(owner, [...left.children, ...right.children])
}

/** Branches of even size over children of one height. */
function groupChildren(owner: Owner, children: readonly Tree[]): Branch[] {
  const count = Math.ceil(children.length / MAX_CHILDREN)
  const groups: Branch[] = []
  for (let i = 0; i < count; i++) {
    groups.push(new Branch(owner, children.slice(Math.floor((i * children.length) / count), Math.floor(((i + 1) * children.length) / count))))
  }
  return groups
}

function makeBranch(owner: Owner, children: Tree[]): Tree | undefined {
  return children.length > 1 ? new Branch(owner, children) : children[0]
}

/**
 * One pass over the runs however many parts there are: a document of 100 MB is cut into 140,000. No leaf begins or ends
 * within a surrogate pair, so every leaf can leave the document by itself.
 */
function cutEvenly(piece: Piece, count: number): Piece[] {
  const length = piece.text.length
  const reader = new RunReader(piece)
  const parts: Piece[] = []
  let start = 0
  for (let part = 1; part <= count; part++) {
    const even = Math.floor((part * length) / count)
    const end = (piece.text.charCodeAt(even) & 0xfc00) === 0xdc00 ? even + 1 : even
    parts.push({ text: piece.text.slice(start, end), runs: reader.take(end - start) })
    start = end
  }
  return parts
}
