import { parseArgs } from 'node:util';
import { campaign } from './campaign.js';
import { WHOLE, type Plan } from './plan.js';

/*
 * The cast. A campaign (`campaign.ts`) sets up a `World`: a mock gateway with two hosts, and merchants of the library that use it. It
 * plays a number of `Scene`s there, several at a time. In each, a `Shop` has an order and calls the services, while a `customer` pays
 * it at some moment, an `Announcer` notifies the app of the shop (`shop-app.ts`), and a `Repeater` or an `impostor` attacks. `Counter`,
 * `Placing`, `Books` and `tenant` are shops for reversals, new orders, equal order numbers and merchants registered at run time.
 * `Cashier` places orders whose customers pay with what they are sent, `Till` charges payment codes, `RefundsDesk` gives money back,
 * and `Archive` downloads bills; each is at a `Desk`: a merchant, its hosts, and what is true there. A `ForeignHost` is where no
 * request may go.
 * `Chance` makes all decisions from the seed, and `Stage` is what a scene gets of all this. `History` remembers the state of each order
 * at every moment; the `Judge` compares the results of calls with it (`truth.ts` by field), `Overheard` records what the process writes
 * and publishes, where `Secrets` looks for keys, and the `Tally` counts what must never happen. `endurance*.ts` measures memory,
 * `liveness.ts` checks that all calls succeed once the faults end, and a `Guard` is a line of `lib` that is switched off to see the
 * tally notice.
 */

/**
 * Plays one campaign as the command line says, and prints what came of it. The exit code says whether anything happened
 * that must not: 1 if so.
 */
export async function main(args: readonly string[], changes: Partial<Plan> = {}): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string', default: '2000' },
      seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1e6)) },
      quiet: { type: 'boolean', default: false },
    },
  });
  const seed = wholeNumber('--seed', values.seed);
  const calls = wholeNumber('--calls', values.calls);
  const plan: Plan = { ...WHOLE, seed, calls, ...changes };
  const startedAt = performance.now();
  const tally = await campaign(plan, (line) => values.quiet || print(line));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  print(`\n${String(tally)}\n\n${tally.calls} calls in ${seconds} s with the seed ${plan.seed}`);
  process.exitCode = tally.offences === 0 ? 0 : 1;
}

/** @throws {Error} for what would play nothing and find nothing */
function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new Error(`${name} must be a whole number from 1 on, not "${text}".`);
  }
  return Number(text);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
