import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CampaignState, FoundResult } from './campaign-state.ts'

const SUMMARY = 'summary.json'

/** `.sim/campaign-...`: `summary.json` and one file per finding. */
export class CampaignFolder {
  readonly path: string
  /** Saves follow each other, so that the newest state is what stays. */
  #saving: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.path = path
  }

  /** Undefined: there is none, or it is no campaign. */
  async read(): Promise<CampaignState | undefined> {
    const text = await readFile(join(this.path, SUMMARY), 'utf8').catch(() => undefined)
    try {
      const state = JSON.parse(text ?? '{}') as Partial<CampaignState>
      return state.format === 1 && state.options !== undefined ? (state as CampaignState) : undefined
    } catch {
      return undefined
    }
  }

  save(state: CampaignState): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write(state))
    return this.#saving
  }

  async keep({ finding: { scenario, seed, verdict }, result }: FoundResult): Promise<string | undefined> {
    if (result === undefined) return undefined
    const file = `${verdict}-${scenario.replaceAll(/[^\w-]+/g, '-')}-${seed}.json`
    await mkdir(this.path, { recursive: true })
    await writeFile(join(this.path, file), JSON.stringify(result))
    return file
  }

  /** Whoever reads at any moment finds a whole file. */
  async #write(state: CampaignState): Promise<void> {
    await mkdir(this.path, { recursive: true })
    await writeFile(join(this.path, `${SUMMARY}.new`), `${JSON.stringify(state, undefined, 2)}\n`)
    await rename(join(this.path, `${SUMMARY}.new`), join(this.path, SUMMARY))
  }
}
