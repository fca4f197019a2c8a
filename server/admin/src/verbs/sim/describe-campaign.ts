import { type CampaignOptions, type CampaignState, campaignVerdict, type Finding, missing } from '@concord/sim/campaign/campaign-state'
import { neverSeen } from '@concord/sim/campaign/totals'
import { runCommand } from '@concord/sim/report/words/run-command'

/** The command that repeats one seed of a campaign. */
export function reproOf({ scenario, seed }: Finding, { level, bugs }: CampaignOptions): string {
  return runCommand({ scenario, seed, bugs, ...(level === undefined ? {} : { level }) })
}

const ENDED: Readonly<Record<CampaignState['ended'], string>> = {
  complete: 'every seed has run',
  stopped: 'stopped after too many failures (--stop-after)',
  interrupted: 'interrupted',
  running: 'interrupted',
}

/** A campaign for people: what failed and how to see it again, then what was run, and what was never seen. */
export function describeCampaign(state: CampaignState, folder: string): string {
  const { options, totals, findings, tookMs, ended, commit, node } = state
  const lines = findings.flatMap((finding) => [`  ${finding.verdict.toUpperCase()} ${finding.scenario} seed ${finding.seed}: ${clip(finding.because)}`, `    ${reproOf(finding, options)}`])
  const unseen = neverSeen(totals)
  const required = missing(state)
  const seconds = tookMs / 1_000
  return [
    `${campaignVerdict(state).toUpperCase()}: ${options.scenarios.join(', ')}, seeds ${options.from} to ${options.to}: ${ended === 'complete' ? `${findings.length} failed` : `${ENDED[ended]}, ${findings.length} failed so far`}`,
    ...lines,
    `  seeds           ${totals.seeds} in ${seconds.toFixed(1)} s (${(totals.seeds / Math.max(0.001, seconds)).toFixed(1)}/s), ${totals.repeated} run twice with equal hashes`,
    `  committed       ${totals.versions} versions, ${totals.acknowledged} acks, ${totals.messages} messages, ${totals.reconnects} reconnects, ${(totals.virtualMs / 3_600_000).toFixed(1)} h of virtual time`,
    `  planned         ${counts(totals.events)}`,
    `  seen            ${counts(Object.fromEntries(Object.entries(totals.sometimes).filter(([, count]) => count > 0))) || 'nothing'}`,
    ...(unseen.length === 0 ? [] : [`  never seen      ${unseen.join(', ')}`]),
    ...(required.length === 0 ? [] : [`  REQUIRED AND NEVER SEEN: ${required.join(', ')}`]),
    `  kept            ${folder}/index.html (commit ${commit}, Node ${node})`,
    ...(ended === 'interrupted' ? [`go on: npx concord sim campaign --resume ${folder}`] : []),
  ].join('\n')
}

function counts(table: Readonly<Record<string, number>>): string {
  return Object.entries(table).toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`).join(', ')
}

function clip(text: string): string {
  const [line = ''] = text.split('\n')
  return line.length > 300 ? `${line.slice(0, 300)}...` : line
}
