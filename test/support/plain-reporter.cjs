/** Ends the output with one plain line that any log reader understands. */
module.exports = class PlainReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    // On exit, because jest prints its summary after all other reporters are done.
    process.once('exit', () => process.stdout.write(`\n${numPassedTests} passed, ${failed} failed\n`));
  }
};
