/** One system doing the work of a row. */
export interface Contestant {
  /** `concord`, or the peer's package name. */
  readonly name: string
  /** Does the work, warmed up and several times over; answers what it measured, in the row's unit. Runs in a process of its own. */
  measure(): Promise<readonly number[]>
}

/** One line of the table: the same work, done by Concord and by its peers. */
export interface BenchRow {
  /** What `--only` names: kebab-case. */
  readonly id: string
  /** The work, as the table says it. */
  readonly title: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  /** What docs or design promise; undefined for a figure that is only shown. */
  readonly target: number | undefined
  readonly ours: Contestant
  readonly peers: readonly Contestant[]
}

/** Rows that belong together; one file each, listed in modules.ts. */
export interface BenchModule {
  readonly name: string
  readonly rows: readonly BenchRow[]
}
