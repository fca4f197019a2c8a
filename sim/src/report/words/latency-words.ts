import type { LatencySeries } from '../../plan/plan.ts'

/** What each latency is called, and what it is measured from and to. */
export const LATENCY_WORDS: Readonly<Record<LatencySeries, readonly [title: string, meaning: string]>> = {
  ack: ['Acknowledgement', 'from an edit leaving its author to the word that it is durable'],
  visible: ['Visible to others', 'from an edit leaving its author to its arrival at another replica'],
  open: ['Opening', 'from asking for a document to seeing it'],
  reconnect: ['Reconnecting', 'from losing the connection, or having a network again, to being online'],
  presence: ['Presence', 'from moving a caret to others seeing it'],
}
