/** A number as people read it: three digits that mean something, grouped. */
export function figure(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size < 1e-3) return value.toExponential(1)
  if (size >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toLocaleString('en-US', { maximumFractionDigits: size >= 10 ? 1 : size >= 1 ? 2 : 4 })
}

export function dollars(value: number): string {
  return value !== 0 && Math.abs(value) < 1 ? `$${figure(value)}` : `$${Math.round(value).toLocaleString('en-US')}`
}
