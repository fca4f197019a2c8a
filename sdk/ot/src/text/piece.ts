import { type EmbedUnit, equalStyles, PLAIN, type Style, type StyleChange } from './style.ts'

/** What `text` holds where an embed stands: U+FFFC, the object replacement character. */
export const EMBED_CHARACTER = '\uFFFC'

/** Neighbouring units with equal attributes, or one embed (then `length` is 1). */
export interface Run {
  readonly length: number
  readonly style: Style
  readonly embed: EmbedUnit | undefined
}

/** A stretch of content. `runs` covers `text`; undefined when all of it is text without attributes, as most text is. */
export interface Piece {
  readonly text: string
  readonly runs: readonly Run[] | undefined
}

export const EMPTY_PIECE: Piece = { text: '', runs: undefined }

export function textPiece(text: string, style: Style): Piece {
  return { text, runs: style === PLAIN || text === '' ? undefined : [{ length: text.length, style, embed: undefined }] }
}

export function embedPiece(embed: EmbedUnit, style: Style): Piece {
  return { text: EMBED_CHARACTER, runs: [{ length: 1, style, embed }] }
}

/** The runs of a piece, made where the piece leaves them out. */
export function runsOf(piece: Piece): readonly Run[] {
  if (piece.runs !== undefined) return piece.runs
  return piece.text === '' ? [] : [{ length: piece.text.length, style: PLAIN, embed: undefined }]
}

export function slicePiece(piece: Piece, from: number, to: number): Piece {
  if (from === 0 && to === piece.text.length) return piece
  return { text: piece.text.slice(from, to), runs: piece.runs === undefined ? undefined : normalise(sliceRuns(piece.runs, from, to)) }
}

export function joinPieces(pieces: readonly Piece[]): Piece {
  let text = ''
  let plain = true
  for (const piece of pieces) {
    text += piece.text
    plain &&= piece.runs === undefined
  }
  if (plain) return { text, runs: undefined }
  const runs: Run[] = []
  for (const piece of pieces) for (const run of runsOf(piece)) pushRun(runs, run)
  return { text, runs: normalise(runs) }
}

/** `piece` with `inserted` in place of the `removed` units at `at`. */
export function splicePiece(piece: Piece, at: number, removed: number, inserted: Piece): Piece {
  const text = piece.text.slice(0, at) + inserted.text + piece.text.slice(at + removed)
  if (piece.runs === undefined && inserted.runs === undefined) return { text, runs: undefined }
  const before = runsOf(piece)
  const runs = sliceRuns(before, 0, at)
  for (const run of runsOf(inserted)) pushRun(runs, run)
  for (const run of sliceRuns(before, at + removed, piece.text.length)) pushRun(runs, run)
  return { text, runs: normalise(runs) }
}

/** `piece` with a change of attributes laid over the units from `from` to `to`. */
export function layOverPiece(piece: Piece, from: number, to: number, change: StyleChange): Piece {
  const before = runsOf(piece)
  const runs = sliceRuns(before, 0, from)
  for (const run of sliceRuns(before, from, to)) pushRun(runs, { length: run.length, style: change.over(run.style), embed: run.embed })
  for (const run of sliceRuns(before, to, piece.text.length)) pushRun(runs, run)
  return { text: piece.text, runs: normalise(runs) }
}

/** Adds a run, merged with the last one where both are text with equal attributes. */
export function pushRun(runs: Run[], run: Run): void {
  if (run.length === 0) return
  const last = runs.at(-1)
  if (last !== undefined && last.embed === undefined && run.embed === undefined && equalStyles(last.style, run.style)) {
    runs[runs.length - 1] = { length: last.length + run.length, style: last.style, embed: undefined }
  } else {
    runs.push(run)
  }
}

/** Hands out the runs of a piece from left to right. */
export class RunReader {
  private readonly runs: readonly Run[] | undefined
  private index = 0
  private used = 0

  constructor(piece: Piece) {
    this.runs = piece.runs
  }

  /** The runs of the next `length` units; undefined when they are plain text. */
  take(length: number): readonly Run[] | undefined {
    if (this.runs === undefined) return undefined
    const taken: Run[] = []
    for (let rest = length; rest > 0; ) {
      const run = this.runs[this.index]!
      const units = Math.min(rest, run.length - this.used)
      taken.push(units === run.length ? run : { length: units, style: run.style, embed: run.embed })
      rest -= units
      this.used += units
      if (this.used === run.length) {
        this.index++
        this.used = 0
      }
    }
    return normalise(taken)
  }
}

function sliceRuns(runs: readonly Run[], from: number, to: number): Run[] {
  const slice: Run[] = []
  let start = 0
  for (const run of runs) {
    const end = start + run.length
    if (start >= to) break
    if (end > from) {
      const length = Math.min(end, to) - Math.max(start, from)
      slice.push(length === run.length ? run : { length, style: run.style, embed: run.embed })
    }
    start = end
  }
  return slice
}

/** One run without attributes says nothing that the text does not say. */
function normalise(runs: readonly Run[]): readonly Run[] | undefined {
  if (runs.length > 1) return runs
  const only = runs[0]
  return only === undefined || (only.style.attributes.length === 0 && only.embed === undefined) ? undefined : runs
}
