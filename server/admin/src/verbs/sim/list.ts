import { listScenarios, loadScenario } from '@concord/sim/scenario/file/load-scenario'
import { MISSING_PARTS } from '@concord/sim/scenario/file/parts'
import type { Scenario } from '@concord/sim/scenario/schema/schema'
import type { Command } from '../../command/command.ts'
import { EXIT, type ExitCode } from '../../command/exit.ts'
import { reading } from './bad-file.ts'

export const list: Command = {
  usage: 'sim list [options]',
  options: {},
  async run(_, io): Promise<ExitCode> {
    const rows = reading(listScenarios).map(({ name, title, path, missing }) => {
      const scenario = loadScenario(name)
      return { name, title, level: scenario.level, size: sizeOf(scenario), needs: missing, path }
    })
    const width = Math.max(...rows.map(({ name }) => name.length))
    const lines = rows.map(({ name, title, level, size, needs }) => {
      const below = [`${level}, ${size}`, ...(needs.length === 0 ? [] : [`not yet: needs ${needs.join(', ')}`])]
      return [`  ${name.padEnd(width)}  ${title}`, ...below.map((line) => `  ${' '.repeat(width)}  ${line}`)].join('\n')
    })
    const parts = [...new Set(rows.flatMap(({ needs }) => needs))].map((part) => `  ${part}: ${MISSING_PARTS[part as keyof typeof MISSING_PARTS]}`)
    io.result(rows, [...lines, ...(parts.length === 0 ? [] : ['', 'Parts that are not built yet:', ...parts])].join('\n'))
    return EXIT.ok
  },
}

function sizeOf({ swarm, topology, actors, documents, steps, duration = 0 }: Scenario): string {
  if (swarm !== undefined) return `${swarm.editors.least} to ${swarm.editors.most} editors, ${swarm.edits.least} to ${swarm.edits.most} edits and faults, drawn from the seed`
  const people = Object.values(actors).reduce((sum, { count }) => sum + count, 0) + steps.reduce((sum, { join }) => sum + (join?.count ?? 0), 0)
  const counts = Object.values(documents).map(({ count }) => count)
  const pages = counts.includes('as-needed') ? 'documents as needed' : many(counts.reduce<number>((sum, count) => sum + Number(count), 0), 'document')
  return `${many(people, 'actor')}, ${pages}, ${many(topology.nodes.length, 'node')}, ${duration / 1_000} s`
}

function many(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}
