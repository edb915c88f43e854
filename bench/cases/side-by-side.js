import { startClient, startGateway } from '../process/processes.js';
import { median } from '../process/statistics.js';
import { ORDERS } from '../tasks/keep-calling.js';

const WINDOW_MS = 1_000;
/** As many calls as V8 needs to compile what is called often; a slow client is not waited for. */
const WARM_UP = { calls: 8_000, forMs: 20_000 };
const ROUNDS = 7;
const METRICS = ['cpuUs', 'perSecond', 'medianMs', 'loopP99Ms'];

/**
 * Lets clients do the same work in turns: a window each, one after the other, round by round. A figure is the median over
 * the rounds, a ratio the median of the ratios within each round, so that what else the machine does falls on all alike.
 *
 * @param plan `operation`, `clients`, and for each number of calls in flight whether the event loop is watched
 * @returns by calls in flight and client: the metrics, and `over` each of the clients compared with
 */
export async function sideBySide(world, { operation, clients: names, inFlight, comparedWith }) {
  const gateway = await startGateway(world);
  await gateway.prepare(ORDERS);
  const clients = [];
  try {
    for (const name of names) clients.push(await startClient(name, { world, url: gateway.url }));
    for (const client of clients) await warmUp(client, operation);
    const figures = {};
    for (const { calls, watchLoop } of inFlight) {
      const task = { operation, inFlight: calls, forMs: WINDOW_MS };
      const rounds = await inTurns(clients, task);
      const watched = watchLoop ? await inTurns(clients, { ...task, watchLoop }) : undefined;
      if (watched) merge(rounds, watched);
      figures[calls] = summary(rounds, comparedWith);
    }
    return figures;
  } finally {
    await Promise.all(clients.map((client) => client.stop()));
    await gateway.stop();
  }
}

async function warmUp(client, operation) {
  const { errors } = await client.run('window', { operation, inFlight: 16, ...WARM_UP });
  if (errors.length > 0) throw new Error(`${client.name} cannot do ${operation}: ${errors[0]}`);
}

/** @returns what each client did in each round */
async function inTurns(clients, task) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const results = {};
    for (const client of clients) results[client.name] = await client.run('window', task);
    rounds.push(results);
  }
  return rounds;
}

function merge(rounds, watched) {
  for (const [index, results] of rounds.entries()) {
    for (const [name, result] of Object.entries(results)) result.loopP99Ms = watched[index][name].loopP99Ms;
  }
}

function summary(rounds, comparedWith) {
  return Object.fromEntries(
    Object.keys(rounds[0]).map((name) => {
      const metrics = METRICS.filter((metric) => rounds[0][name][metric] !== undefined);
      const figures = Object.fromEntries(
        metrics.map((metric) => [metric, median(rounds.map((results) => results[name][metric]))]),
      );
      const over = Object.fromEntries(
        comparedWith.map((base) => [
          base,
          Object.fromEntries(
            metrics.map((metric) => [
              metric,
              median(rounds.map((results) => results[name][metric] / results[base][metric])),
            ]),
          ),
        ]),
      );
      return [name, { ...figures, over }];
    }),
  );
}
