/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // `npm run test:long` runs the others, *.long-spec.ts.
  testMatch: ['<rootDir>/{test,sample-app}/**/*.{spec,e2e-spec}.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nestjs-wxpay$': '<rootDir>/lib/index.ts',
    '^nestjs-wxpay/(bullmq|config|opentelemetry|terminus|testing)$': '<rootDir>/lib/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
        },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/compat/'],
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageProvider: 'v8',
  coverageReporters: ['text', 'lcov'],
  reporters: ['default', '<rootDir>/test/support/plain-reporter.cjs'],
  testTimeout: 20_000,
  // jest does not let go of ES modules: a process that ran many specs is full and slow, and starts anew.
  maxWorkers: 2,
  workerIdleMemoryLimit: '300MB',
};
