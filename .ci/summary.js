// Sums the JSON reports of the suites and ends with `N passed, N failed`: usage `summary.js STATUS SUITE...`.
// A suite without a report, and a `make` that failed although every test passed, each count as one failure.
import { readFileSync } from 'node:fs'

const [status, ...suites] = process.argv.slice(2)
let passed = 0
let failed = 0

for (const suite of suites) {
  const report = read(`.results/${suite}.json`)
  if (report === undefined || report.numTotalTests === 0) {
    console.log(`${suite}: did not run`)
    failed++
    continue
  }
  // A file that could not be loaded is a failed suite without a failed test.
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'))
  for (const file of broken) console.log(`${suite}: ${file.name} did not run: ${String(file.message).split('\n')[0]}`)
  const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : ''
  console.log(`${suite}: ${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed${skipped}`)
  passed += report.numPassedTests
  failed += report.numFailedTests + broken.length
}
if (status !== '0' && failed === 0) {
  console.log('a step outside the suites failed: see above')
  failed++
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
