import type { CommandGroup } from '../../command/command.ts'

/** `concord sim ...`: a row per verb, a file per verb. */
export const sim: CommandGroup = {
  verbs: new Map([
    ['list', { summary: 'List the scenarios, and what they need that is not built yet', load: async () => (await import('./list.ts')).list }],
    ['run', { summary: 'Run a scenario with one seed', load: async () => (await import('./run.ts')).run }],
    ['campaign', { summary: 'Run many seeds on all cores, some twice', load: async () => (await import('./campaign.ts')).campaign }],
    ['replay', { summary: 'Run a plan again and compare the hash', load: async () => (await import('./replay.ts')).replay }],
    ['shrink', { summary: 'Make a failing plan as small as it gets', load: async () => (await import('./shrink.ts')).shrink }],
    ['report', { summary: 'Write the HTML report of a result', load: async () => (await import('./report.ts')).report }],
    ['gallery', { summary: 'Run the scenarios that show most, each with its report, and a page that leads to them', load: async () => (await import('./gallery.ts')).gallery }],
    ['bugs', { summary: 'Plant each known bug and show how many seeds find it, and how small it gets', load: async () => (await import('./bugs.ts')).bugs }],
    ['calibrate', { summary: 'Measure what work costs the server on this machine', load: async () => (await import('./calibrate.ts')).calibrate }],
  ]),
}
