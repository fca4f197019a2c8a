import type { Results, RowResult } from './results.ts'

/** The results for people: one line per row, then one per peer. */
export function formatTable({ date, machine, rounds, rows }: Results): string {
  const head = ['work', 'unit', 'concord', 'target', 'met', 'peers (median)']
  const lines = rows.map((row) => [row.title, row.unit, ours(row), target(row), met(row), peers(row)])
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]!.length)))
  const written = [head, widths.map((width) => '-'.repeat(width)), ...lines].map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd())
  const where = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, ${date}, medians over ${rounds} rounds, load ${machine.load}`
  return [...written, '', where].join('\n')
}

function ours(row: RowResult): string {
  if (row.value === undefined) return `failed: ${row.failure}`
  return `${figure(row.value)} (${figure(row.low!)} to ${figure(row.high!)})`
}

function target(row: RowResult): string {
  return row.target === undefined ? '' : `${row.better === 'lower' ? '<=' : '>='} ${figure(row.target)}`
}

function met(row: RowResult): string {
  return row.met === undefined ? '' : row.met ? 'yes' : 'NO'
}

function peers(row: RowResult): string {
  return row.peers.map((peer) => `${peer.name} ${peer.value === undefined ? `failed: ${peer.failure}` : figure(peer.value)}`).join(', ')
}

/** Three digits that count. */
function figure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}
