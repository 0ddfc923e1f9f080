// Does our linter refuse exactly what the standard's own schema refuses?
//
//   node schema_agreement.mjs [--ows DIR] [--mutants N] [--seed S] -- LINTER…
//
// LINTER is the command that takes `--json FILE…` (`penstock workflow lint`). Judges every known
// definition and N mutants by ajv (JSON Schema 2020-12) and by LINTER; only findings whose code
// begins with `schema.` count, for ours knows more than a schema can. Exit 1: they disagree.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { definitions } from './definitions.mjs'
import { mutant, partsOf, random } from './mutants.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { values: options, positionals: linter } = parseArgs({
  allowPositionals: true,
  options: {
    ows: { type: 'string', default: join(here, '../../../shared/ows') },
    mutants: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
  },
})
if (linter.length === 0) {
  console.error('usage: node schema_agreement.mjs [--ows DIR] [--mutants N] [--seed S] -- LINTER…')
  process.exit(2)
}

const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true })
addFormats(ajv)
const validate = ajv.compile(parse(readFileSync(join(options.ows, 'schema/workflow.yaml'), 'utf8')))

function cases() {
  const known = definitions(options.ows, join(here, 'seeds'), join(here, '../executor/scenarios'))
  const dice = random(Number(options.seed))
  const pool = partsOf(known.map((one) => one.value))
  const all = known.map(({ name, text, value }) => ({ name, text, value }))
  for (let i = 0; i < Number(options.mutants); i++) {
    const { name, value } = dice.of(known)
    const made = mutant(value, dice, pool)
    all.push({ name: `${name}: ${made.done.join(', ')}`, text: JSON.stringify(made.value, null, 1), value: made.value })
  }
  return { known: known.length, all }
}

// What LINTER says of each case, in the order of the cases.
function judge(all) {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-oracle-'))
  try {
    const files = all.map((one, i) => {
      const file = join(folder, `${i}.yaml`)
      writeFileSync(file, one.text)
      return file
    })
    const reports = []
    for (let at = 0; at < files.length; at += 500) {
      const run = spawnSync(linter[0], [...linter.slice(1), '--json', ...files.slice(at, at + 500)],
        { encoding: 'utf8', maxBuffer: 1 << 28 })
      if (run.status !== 0 && run.status !== 1) throw new Error(`the linter ended with ${run.status ?? run.signal}: ${run.stderr}`)
      reports.push(...run.stdout.trimEnd().split('\n').map((line) => JSON.parse(line)))
    }
    return reports
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const { known, all } = cases()
const reports = judge(all)
const differences = []
const tally = { accepted: 0, refused: 0 }
all.forEach((one, i) => {
  const theirs = validate(one.value)
  const reasons = validate.errors
  const refusals = reports[i].findings.filter((f) => f.severity === 'error' && /^(schema\.|syntax)/.test(f.code))
  tally[theirs ? 'accepted' : 'refused']++
  if (theirs !== (refusals.length === 0)) differences.push({ one, theirs, refusals, reasons })
})
for (const { one, theirs, refusals, reasons } of differences.slice(0, 20)) {
  console.log(`\n${one.name}\n  schema ${theirs ? 'accepts' : 'refuses'}, linter ${refusals.length ? 'refuses' : 'accepts'}`)
  if (refusals.length) console.log('  ', refusals.map((f) => `${f.pointer}: ${f.message}`).join('\n   '))
  else console.log('  ', (reasons ?? []).slice(-3).map((e) => `${e.instancePath} ${e.message}`).join('; '))
  console.log(one.text.slice(0, 1500))
}
console.log(`${all.length} definitions (${known} known, ${all.length - known} mutants, seed ${options.seed}): ` +
  `the schema accepts ${tally.accepted} and refuses ${tally.refused}; ${differences.length} differences`)
process.exit(differences.length === 0 ? 0 : 1)
