const { default: Sequencer } = require('@jest/test-sequencer');

/** Specs that take longer than 20 seconds, by their paths. */
const SLOWEST = [
  'campaign/campaign.',
  'integration/bullmq/crashes.',
  'integration/postgres/killed-workers.',
  'unit/domain/flows/settle-interleavings.',
];

/**
 * Begins with the slowest specs, so that none of them runs alone at the end. Without a record of earlier runs, as in CI, jest
 * would go by the size of the files.
 */
module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    const rankOf = ({ path }) => {
      const rank = SLOWEST.findIndex((part) => path.includes(`/test/${part}`));
      return rank < 0 ? SLOWEST.length : rank;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- the method of the sequencer
    return super.sort(tests).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
};
