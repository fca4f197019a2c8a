import { html, type Html } from '../parts/html.ts'

/** Words of the promises and of the trace, for somebody who has not met them. */
const WORDS: readonly (readonly [word: string, meaning: string])[] = [
  ['edit, operation', 'a change to a document: characters typed, removed or formatted. People edit at once and see their own edits at once; the server brings all edits into one order.'],
  ['transform', 'to move an edit over others that were made at the same time, so that it means the same in the document that they left.'],
  ['log, version', 'the committed edits of a document in their order, kept in the storage. The number of the last one is the version of the document.'],
  ['submit, acknowledgement', 'a client sends an edit, and is told once it is durable: in the log, for ever.'],
  ['replica', 'the copy of a document that a client shows. Once everybody has every edit, all replicas are the same.'],
  ['diverged', 'the copy of a client differs from what the server confirmed, which its hash, its length or the server has shown. The client takes the content anew and keeps what was typed and not yet sent.'],
  ['session, opened', 'the stream between a client and a document; “opened” is the first thing that the server says on it: what the client missed, and which of its edits had been committed.'],
  ['owner, epoch', 'the one node that brings the edits of a document into order. Each time a node claims a document a new epoch begins; the log takes edits of the newest epoch alone, and refuses (“fences”) all others.'],
  ['refused, stranded', 'edits that cannot be committed, because of a missing right or because their base is gone. They are handed back to the person who typed them, never dropped.'],
  ['p50, p95, p99', 'half, 95 of 100, 99 of 100 measurements were at most this.'],
  ['R1, R2, ...', 'rules of the protocol, in docs/spec.md.'],
]

/** Closed at first: whoever knows the words need not read them. */
export function glossary(): Html {
  return html`<details><summary>New to this? The words of this page</summary>
<p>Concord keeps documents that many people edit at the same time. The simulator runs its real servers and clients in one process, on simulated networks, stores and
clocks that fail as a plan says. While they run, and after everything has healed, checkers that share no code with the server look whether each promise was kept.</p>
<dl class="facts">${WORDS.map(([word, meaning]) => html`<dt>${word}</dt><dd>${meaning}</dd>`)}</dl></details>`
}
