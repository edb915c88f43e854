import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';

// Changes the code of a folder of lib/ in every way that Stryker knows, one at a time, and runs the specs that guard it:
// a change that no spec notices survives, and is listed. Specs that go by the clock are not asked: on a busy machine they
// would blame the change.
const SPECS = {
  crypto: ['unit/crypto/**/*.spec.ts'],
  // A million orders are too many for each change.
  domain: ['unit/domain/!(query-many-memory).spec.ts'],
  v2: [
    'unit/v2/**/*.spec.ts',
    'e2e/v2-{any-endpoint,query,requests,reverse,unbelievable,unusable}*.e2e-spec.ts',
    'e2e/sent-once.e2e-spec.ts',
  ],
  v3: [
    'unit/v3/**/*.spec.ts',
    'e2e/{any-endpoint,one-order,platform-certificates.,query,sent-once,un}*e2e-spec.ts',
  ],
  'v3/platform-certificates': ['unit/v3/platform-*/*.spec.ts', 'e2e/platform-*.e2e-spec.ts'],
};

const folders = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SPECS);
const strangers = folders.filter((folder) => !Object.hasOwn(SPECS, folder));
if (strangers.length > 0) {
  throw new Error(
    `No specs are named for ${strangers.join(', ')}; there are ${Object.keys(SPECS).join(', ')}.`,
  );
}

for (const folder of folders) await mutate(folder);

async function mutate(folder) {
  const report = `reports/mutation/${folder.replace('/', '-')}`;
  forgetSurvivors(`${report}.json`);
  await new Stryker({
    mutate: [`lib/${folder}/**/*.ts`, ...within(folder).map((each) => `!lib/${each}/**`)],
    ignorePatterns: ['dist', 'docs', 'reports', 'sample-app'],
    disableTypeChecks: false,
    plugins: ['@stryker-mutator/jest-runner', pathOf('spec-by-spec-runner.mjs')],
    testRunner: 'spec-by-spec',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
    jest: {
      configFile: 'jest.config.js',
      config: {
        roots: ['<rootDir>/lib', '<rootDir>/test'],
        testMatch: SPECS[folder].map((specs) => `<rootDir>/test/${specs}`),
        testEnvironment: pathOf('until-first-failure.cjs'),
        // What a change makes hang has hung by then.
        testTimeout: 10_000,
      },
      enableFindRelatedTests: false,
    },
    coverageAnalysis: 'perTest',
    concurrency: 2,
    timeoutMS: 60_000,
    // jest does not let go of ES modules: a process that lives long fills the memory.
    maxTestRunnerReuse: 30,
    warnings: { slow: false },
    allowConsoleColors: false,
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    htmlReporter: { fileName: `${report}.html` },
    // What was noticed before is not tried again where neither the code nor the spec has changed since.
    incremental: true,
    incrementalFile: `${report}.json`,
    reporters: ['progress-append-only', 'clear-text', 'html'],
  }).runMutationTest();
}

/** Lets a change that survived be tried again, by tests that may be new. */
function forgetSurvivors(path) {
  if (!existsSync(path)) return;
  const report = JSON.parse(readFileSync(path, 'utf8'));
  for (const file of Object.values(report.files)) {
    file.mutants = file.mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout');
  }
  writeFileSync(path, JSON.stringify(report));
}

/** The folders within it that have specs of their own. */
function within(folder) {
  return Object.keys(SPECS).filter((each) => each.startsWith(`${folder}/`));
}

function pathOf(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
