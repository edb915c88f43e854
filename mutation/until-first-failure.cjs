const { TestEnvironment } = require('jest-environment-node');

/** Skips the tests of a spec after the first that failed: one is enough to notice a change, and others may hang. */
module.exports = class UntilFirstFailure extends TestEnvironment {
  #hasFailed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) this.#hasFailed = true;
    if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
  }
};
