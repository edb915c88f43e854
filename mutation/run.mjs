import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';

// Changes the code of a part of lib/ in every way that Stryker knows, one at a time, and runs the specs that guard it: a
// change that no spec notices survives, and is listed. Specs that go by the clock are not asked: on a busy machine they
// would blame the change.
const PARTS = {
  crypto: { code: ['crypto/**'], specs: ['unit/crypto/**/*.spec.ts'] },
  // 200,000 orders are too many for each change.
  domain: {
    code: ['domain/**'],
    specs: ['unit/domain/**/*.spec.ts', 'unit/domain/**/*-interleavings.long-spec.ts'],
  },
  config: {
    code: ['config/**'],
    specs: ['unit/config/**/*.spec.ts', 'integration/module/config.e2e-spec.ts'],
  },
  // The services of placing and code pay; their flows and rules are in `domain`.
  payments: {
    code: ['payments/**', 'orders/**'],
    specs: ['integration/payments/*.e2e-spec.ts', 'integration/orders/*.e2e-spec.ts'],
  },
  refunds: {
    code: [
      'refunds/**',
      'v3/decode-refund.ts',
      'v2/decode-refund.ts',
      'v?/operations/{create,query}-refund.ts',
    ],
    specs: [
      'integration/refunds/*.e2e-spec.ts',
      'integration/v2/refund*.e2e-spec.ts',
      'unit/{v2,v3}/refund-notifications.spec.ts',
      'unit/domain/refunds/*.spec.ts',
    ],
  },
  bills: {
    code: ['bills/**', 'domain/bills/**', 'v3/apis/v3-bill-api.ts', 'v2/apis/v2-bill-api.ts'],
    specs: ['integration/bills/*.e2e-spec.ts', 'unit/domain/bills/*.spec.ts'],
  },
  client: {
    code: [
      'client/**',
      'v3/check-{body,download,headers,path,upload}.ts',
      'v3/multipart.ts',
      'v3/apis/v3-{files,sensitive-fields}-api.ts',
    ],
    specs: [
      'integration/client/*.e2e-spec.ts',
      'unit/v3/check-body.spec.ts',
      'integration/orders/any-endpoint.e2e-spec.ts',
    ],
  },
  errors: {
    code: ['errors/**'],
    specs: ['unit/errors/**/*.spec.ts', 'unit/v3/decode-error.spec.ts', 'unit/filters/*.spec.ts'],
  },
  merchants: {
    code: ['merchants/**'],
    specs: [
      'unit/merchants/**/*.spec.ts',
      'integration/module/*.e2e-spec.ts',
      'integration/health/{merchant-health,self-test}.e2e-spec.ts',
      'integration/orders/{combine,one-order-every-api,reverse-v3}.e2e-spec.ts',
      'integration/v2/{refund,requests,reverse}.e2e-spec.ts',
      'integration/client/{download-terms,sensitive-fields,upload}.e2e-spec.ts',
      'integration/payments/code-pay-checks.e2e-spec.ts',
    ],
  },
  notifications: {
    code: ['notifications/**'],
    specs: [
      'unit/notifications/**/*spec.ts',
      'integration/notifications/*.e2e-spec.ts',
      'integration/telemetry/{notifications,logs}.e2e-spec.ts',
    ],
  },
  transport: {
    code: ['transport/**'],
    specs: [
      'unit/transport/**/*.spec.ts',
      'unit/merchants/resolve-options.spec.ts',
      'unit/{v2,v3}/messages-of-api-*.spec.ts',
      'integration/wire/*.e2e-spec.ts',
      'integration/retry/{failover,whether-sent,deadline,idle-connections,sent-once,no-connection}*.e2e-spec.ts',
      'integration/client/download*.e2e-spec.ts',
    ],
    // These specs mostly wait for time limits, so that two processes would leave the cores idle.
    concurrency: 5,
  },
  v2: {
    code: ['v2/**'],
    specs: [
      'unit/v2/**/*.spec.ts',
      'integration/v2/{any-endpoint,query,requests,reverse,forged,malformed}*.e2e-spec.ts',
      'integration/retry/sent-once.e2e-spec.ts',
    ],
  },
  v3: {
    code: ['v3/**', '!v3/platform-certificates/**', '!v3/operations/download-*'],
    specs: [
      'unit/v3/*.spec.ts',
      'integration/orders/{any-endpoint,reverse-v3,combine,one-order-every-api,query-and-close}.e2e-spec.ts',
      'integration/{retry/sent-once,verification/v3-pipeline}.e2e-spec.ts',
      'integration/verification/{forged,malformed}-replies.e2e-spec.ts',
    ],
  },
  certificates: {
    code: ['v3/platform-certificates/**', 'v3/operations/download-*'],
    specs: ['unit/v3/platform-certificates/*.spec.ts', 'integration/platform-certificates/*.e2e-spec.ts'],
  },
};

const parts = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
const strangers = parts.filter((part) => !Object.hasOwn(PARTS, part));
if (strangers.length > 0) {
  throw new Error(`There is no part ${strangers.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}.`);
}

for (const part of parts) await mutate(part);

async function mutate(part) {
  const { code, specs, concurrency = 2 } = PARTS[part];
  const report = `reports/mutation/${part}`;
  forgetSurvivors(`${report}.json`);
  await new Stryker({
    mutate: code.map((glob) => glob.replace(/^!?/, '$&lib/')),
    ignorePatterns: ['dist', 'docs', 'reports', 'sample-app'],
    disableTypeChecks: false,
    plugins: ['@stryker-mutator/jest-runner', pathOf('spec-by-spec-runner.mjs')],
    testRunner: 'spec-by-spec',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
    jest: {
      configFile: 'jest.config.js',
      config: {
        roots: ['<rootDir>/lib', '<rootDir>/test'],
        testMatch: specs.map((glob) => `<rootDir>/test/${glob}`),
        testEnvironment: pathOf('until-first-failure.cjs'),
      },
      enableFindRelatedTests: false,
    },
    coverageAnalysis: 'perTest',
    concurrency,
    timeoutMS: 120_000,
    // jest does not let go of ES modules: a process that lives long fills the memory.
    maxTestRunnerReuse: 8,
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

function pathOf(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
