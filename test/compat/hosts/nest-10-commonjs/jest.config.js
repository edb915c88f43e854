module.exports = {
  testEnvironment: 'node',
  testRegex: '(scenario|orders)\\.spec\\.ts$',
  testTimeout: 60_000,
  // Ours only: the recipe of the README has to do without.
  moduleNameMapper: { '^(\\./(?:notifications|scenario))\\.js$': '$1' },
  // The types are checked by `npm run types`.
  transform: { '^.+\\.ts$': ['ts-jest', { isolatedModules: true }] },
};
