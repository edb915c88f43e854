import { OrderSettledHandler } from '../../dist/esm/bullmq/index.js';
import { startApp } from './tracker.js';

/** An app that works on orders, and reports each event and its time. */
const events = [];

class Reporter extends OrderSettledHandler {
  async settled({ key, outcome }) {
    events.push({ key, outcome, time: Date.now() });
  }
}

process.on('disconnect', () => process.exit());
setInterval(() => {
  if (events.length > 0) process.send(events.splice(0));
}, 250);
await startApp(JSON.parse(process.argv[2]), {
  handler: Reporter,
  concurrency: 50,
  rateLimit: { max: 100_000, durationMs: 1_000 },
});
