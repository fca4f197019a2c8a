import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const bin = fileURLToPath(new URL('concord.js', import.meta.url))

/** Runs the bin with Node pretending to be another version. */
function runAs(version: string, ...args: string[]) {
  const pretend = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  return promisify(execFile)(process.execPath, ['--conditions=source', '--import', pretend, bin, ...args])
}

test.each(['20.20.2', '24.1.0'])('Node %s is refused with what to do', async (version) => {
  await expect(runAs(version, 'help')).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/needs Node 26 or newer, this is 2[04][\s\S]*npm ci/) })
})

test('this Node is taken, and an unknown verb is exit code 2', async () => {
  expect((await runAs('26.10.0', 'help')).stdout).toContain('usage: concord VERB')
  await expect(runAs('26.10.0', 'srve')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean serve?') })
})
