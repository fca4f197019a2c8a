import type { Claim } from './plan-schema.ts'

export interface CheckedClaim {
  readonly where: string
  readonly what: string
  readonly unit: string
  readonly says: number
  /** What its own factors or terms give. */
  readonly gives: number
  /** As `10,000,000 x 720 x 6e-7`. */
  readonly sum: string
  /** Within a tenth. */
  readonly agrees: boolean
}

/** A source document's total beside what its own factors give: both are shown, neither is corrected. */
export function checkClaims(claims: readonly Claim[]): CheckedClaim[] {
  return claims.map(({ where, what, unit, says, factors, terms }) => {
    const gives = factors === undefined ? (terms ?? [says]).reduce((sum, term) => sum + term, 0) : factors.reduce((product, factor) => product * factor, 1)
    const sum = (factors ?? terms ?? [says]).map(written).join(factors === undefined ? ' + ' : ' x ')
    return { where, what, unit, says, gives, sum, agrees: Math.abs(gives / says - 1) <= 0.1 }
  })
}

function written(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : value.toLocaleString('en-US', { maximumFractionDigits: 6 })
}
