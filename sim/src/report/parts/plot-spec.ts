/** One plot, as the page's script reads it. Plain JSON; a report and a capacity page make plots of the same shape. */
export interface PlotSpec {
  readonly title: string
  /** What to look for, in a sentence. */
  readonly caption?: string
  /** Of the values: `ms`, `/s`, `%`; empty for plain numbers. */
  readonly unit: string
  /** Ascending. */
  readonly x: readonly number[]
  /** `time`: seconds, shown as a clock would; anything else is the name of a quantity, as `sessions`. */
  readonly xKind: string
  readonly lines: readonly PlotLine[]
  /** Spans of x that are shaded, as fault windows. */
  readonly bands?: readonly PlotBand[]
  /** Places on x that are marked by a line, as the first violation; `quiet`: nothing bad. */
  readonly marks?: readonly { readonly at: number; readonly label: string; readonly tone?: 'quiet' }[]
  /** Values that are marked by a line, as targets. */
  readonly targets?: readonly { readonly value: number; readonly label: string }[]
  /** `auto`: logarithmic when the values span more than two orders of magnitude. */
  readonly scale?: 'linear' | 'logarithmic' | 'auto'
}

export interface PlotLine {
  readonly label: string
  /** One per x; null where nothing was measured. */
  readonly values: readonly (number | null)[]
  /** Which of the page's line colours, 0 to 5. */
  readonly colour: number
  /** Another run, a prediction. */
  readonly dashed?: boolean
}

export interface PlotBand {
  readonly from: number
  readonly to: number
  /** A letter or a word: what stands in the plot. */
  readonly label: string
}
