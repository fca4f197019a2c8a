import { planOfSeed, runnableScenario } from '/work/main/sim/src/campaign/plan-of-seed.ts'
import { runPlan } from '/work/main/sim/src/run/run-plan.ts'
const [name, from, to, ...bugs] = process.argv.slice(2)
const s = runnableScenario(name!)
const t0 = performance.now(); let n = 0
const by = new Map<string, number[]>()
for (let seed = Number(from); seed <= Number(to); seed++) {
  const plan = planOfSeed(s, seed, { bugs })
  const r = await runPlan(plan, { stopAtViolation: bugs.length > 0 })
  n++
  if (r.verdict !== 'pass') { const key = r.verdict + ': ' + (r.violations[0] ? r.violations[0].checker + ': ' + r.violations[0].message : r.because).slice(0, 200); by.set(key, [...(by.get(key) ?? []), seed]) }
}
console.log(name, bugs.join(), 'runs', n, 'in', Math.round(performance.now() - t0), 'ms')
for (const [k, v] of by) console.log(v.length, k, v.slice(0, 8).join(' '))
