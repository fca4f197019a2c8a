import { randomRun } from './test/random-run.ts'
import { ReferenceServer } from './test/reference-server.ts'
import { format } from '@concord/ot'
import { SessionState } from './src/session/session-state.ts'
const P: any = ReferenceServer.prototype
for (const name of ['commit', 'lose', 'restart']) { const o = P[name]; P[name] = function (...a: any[]) { console.log('SRV', name, JSON.stringify(a[0]).slice(0,80), a[1], a[2] ? format(a[2]) : '', 'head', this.head); return o.apply(this, a) } }
const S: any = SessionState.prototype
for (const name of ['connecting', 'receive', 'edit']) { const o = S[name]; S[name] = function (...a: any[]) { const r = o.apply(this, a); const s = this.session; console.log(' CL', s.clientId?.slice(-2), name, (a[0].components ? format(a[0]) : JSON.stringify(a[0])).slice(0, 330), '->', Array.isArray(r) ? r.map((e: any) => e.kind).join() : '', 'v', s.version, 'seq', s.lastSeq, 'fl', s.flight?.seq, 'shown', s.branch.shown.toString(), 'S', s.branch.confirmed.toString()); return r } }
const seed = Number(process.argv[2])
try { randomRun({ seed, steps: 150, clients: 2 + seed % 3, undo: seed % 2 === 0, corrupt: seed % 5 === 0 }) } catch (e) { console.log((e as Error).message) }
