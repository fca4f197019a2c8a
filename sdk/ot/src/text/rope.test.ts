import { expect, test } from 'vitest'
import { Seeded } from '../../testing/seeded.ts'
import { Leaf } from './leaf.ts'
import { MAX_LEAF } from './leaf-hash.ts'
import { textPiece } from './piece.ts'
import { Rope } from './rope.ts'
import { PLAIN } from './style.ts'
import { MAX_CHILDREN, type Tree } from './tree.ts'

test('leaves neither become dust nor outgrow their size, and the tree stays flat, whatever is done', () => {
  const random = new Seeded(11)
  const rope = new Rope()
  rope.replace(0, 0, textPiece('0123456789'.repeat(100_000), PLAIN))
  for (let i = 0; i < 4000; i++) {
    const at = random.int(rope.length)
    const removed = Math.min(rope.length - at, random.chance(0.1) ? random.int(3000) : random.int(20))
    rope.replace(at, at + removed, textPiece('x'.repeat(random.chance(0.1) ? random.int(3000) : random.int(20)), PLAIN))
    if (i % 200 === 0) checkShape(rope.peek())
  }
  const leaves = leavesOf(rope.peek())
  expect(rope.length / leaves.length).toBeGreaterThan(MAX_LEAF / 4)
  expect(rope.peek().height).toBeLessThanOrEqual(1 + Math.ceil(Math.log(leaves.length) / Math.log(MAX_CHILDREN / 4)))
})

test('a snapshot shares every node, and an edit copies one path of it', () => {
  const rope = new Rope()
  rope.replace(0, 0, textPiece('0123456789'.repeat(100_000), PLAIN))
  const before = new Set<Tree>(nodesOf(rope.share()))
  rope.replace(5000, 5000, textPiece('x', PLAIN))
  const fresh = nodesOf(rope.peek()).filter((node) => !before.has(node))
  expect(fresh.length).toBe(rope.peek().height + 1)
})

test('an edit after an edit in the same leaf copies nothing', () => {
  const rope = new Rope()
  rope.replace(0, 0, textPiece('0123456789'.repeat(1000), PLAIN))
  rope.share()
  rope.replace(50, 50, textPiece('x', PLAIN))
  const nodes = nodesOf(rope.peek())
  rope.replace(60, 60, textPiece('x', PLAIN))
  expect(nodesOf(rope.peek())).toEqual(nodes)
  expect(rope.peek()).toBe(nodes[0])
})

/** Every branch says what its children are, and nothing in it is empty. */
function checkShape(node: Tree): void {
  if (node instanceof Leaf) {
    expect(node.length).toBeGreaterThan(0)
    expect(node.length).toBeLessThanOrEqual(MAX_LEAF)
    return
  }
  expect(node.children.length).toBeGreaterThan(1)
  expect(node.children.length).toBeLessThanOrEqual(MAX_CHILDREN)
  expect(node.sizes).toEqual(node.children.map((child) => child.length))
  expect(node.length).toBe(node.sizes.reduce((sum, size) => sum + size, 0))
  for (const child of node.children) {
    expect(child.height).toBe(node.height - 1)
    checkShape(child)
  }
}

function nodesOf(node: Tree): Tree[] {
  return node instanceof Leaf ? [node] : [node, ...node.children.flatMap(nodesOf)]
}

function leavesOf(node: Tree): Leaf[] {
  return nodesOf(node).filter((candidate) => candidate instanceof Leaf)
}
