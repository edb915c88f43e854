module.exports = {
  testEnvironment: 'node',
  testRegex: 'recipe/orders\\.spec\\.ts$',
  testTimeout: 60_000,
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'recipe/tsconfig.json' }] },
};
