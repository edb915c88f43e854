// What tsc built is what is run: the point is how jest resolves and loads the package.
export default {
  testEnvironment: 'node',
  testRegex: 'dist/scenario\\.spec\\.js$',
  testTimeout: 60_000,
  transform: {},
};
