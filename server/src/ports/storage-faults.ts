/**
 * How a test makes a store fail. Every adapter has one, the real ones too, so that the contract drives each of them
 * through the outcomes that a healthy disk never shows. Nothing in production calls it.
 */
export interface StorageFaults {
  /**
   * The next append answers `unknown`. `applied`: its records are there; `lost`: they are not. Appends that share its
   * transaction share its fate.
   */
  nextAppend(outcome: 'applied' | 'lost'): Promise<void>

  /**
   * What rejects with StorageUnavailable from now on: `writes` as on a full disk, `everything` as when the store is
   * unreachable. `nothing` heals it.
   */
  unavailable(what: 'nothing' | 'writes' | 'everything'): Promise<void>
}
