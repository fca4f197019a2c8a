import type { StoredBranch } from './session/stored-branch.ts'

/**
 * What a device keeps of documents. A branch is stored before any submit of it leaves (R10), so what this store says was
 * in flight is all that may be. Rejections stop submitting, never typing.
 */
export interface BranchStorage {
  /** The branch to go on from, claimed for this caller alone until `release` (R11); `undefined` when there is none. */
  claim(document: string): Promise<StoredBranch | undefined>
  /** Resolves once the branch would survive the process; returns nothing when that is so at once. */
  save(branch: StoredBranch): Promise<void> | void
  /** The document was closed: another may claim its branch. */
  release(document: string): Promise<void> | void
}

/** Keeps branches as long as the client lives: a document that is closed with edits pending, and opened again, has them still. */
export class MemoryStorage implements BranchStorage {
  private readonly branches = new Map<string, StoredBranch>()
  private readonly claimed = new Set<string>()

  async claim(document: string): Promise<StoredBranch | undefined> {
    if (this.claimed.has(document)) return undefined
    this.claimed.add(document)
    return this.branches.get(document)
  }

  save(branch: StoredBranch): void {
    this.branches.set(branch.document, branch)
  }

  release(document: string): void {
    this.claimed.delete(document)
  }
}
