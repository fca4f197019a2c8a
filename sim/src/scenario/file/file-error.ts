/** A file of the user that cannot be taken: every problem on a line of its own, with its place. */
export class FileError extends Error {
  readonly file: string
  /** As `swarm.yaml:12:5: faults[0].at must be ...`. */
  readonly problems: readonly string[]

  constructor(file: string, problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'FileError'
    this.file = file
    this.problems = problems
  }
}
