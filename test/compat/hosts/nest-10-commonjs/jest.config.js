module.exports = {
  testEnvironment: 'node',
  testRegex: 'scenario\\.spec\\.ts$',
  testTimeout: 60_000,
  moduleNameMapper: { '^(\\./.*)\\.js$': '$1' },
  // The types are checked by `npm run types`.
  transform: { '^.+\\.ts$': ['ts-jest', { isolatedModules: true }] },
};
