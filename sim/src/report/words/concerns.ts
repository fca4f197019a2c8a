/**
 * Whether an entry is about those who were chosen. Who chose an actor and its node wants the messages between them, not
 * everybody's with the same node: where actors are chosen, an entry of actors has to be theirs.
 */
export function concerns<Lane>(ends: readonly Lane[], chosen: ReadonlySet<Lane>, isActor: (lane: Lane) => boolean): boolean {
  const actors = [...chosen].some(isActor) ? ends.filter(isActor) : []
  return (actors.length > 0 ? actors : ends).some((lane) => chosen.has(lane))
}
