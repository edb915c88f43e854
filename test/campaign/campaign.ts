import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { liveBytes } from '../support/assertions/heap.js';
import { Chance } from './chance.js';
import { impostor } from './impostor.js';
import { liveness } from './liveness.js';
import { Overheard } from './overheard.js';
import type { Plan } from './plan.js';
import { Scene } from './scene.js';
import { Tally, type Offence } from './tally.js';
import { World } from './world.js';

const ENDURANCE = fileURLToPath(new URL('./endurance-process.js', import.meta.url));
/** How often a merchant is replaced, in milliseconds. */
const REPLACE_EVERY_MS = 400;
const MEBIBYTE = 1_048_576;
/** Limit of what a call may seem to leave in memory: one or more where something stays, less than 0.01 by chance. */
const OBJECTS_PER_CALL = 0.1;
/** By how much the live heap may differ from round to round: caches fill, code is compiled. */
const GROWTH_BYTES = 12 * MEBIBYTE;
/** The first rounds warm everything up. */
const WARM_UP_ROUNDS = 2;

/** Plays a shop against a WeChat Pay that fails at random, and counts what must never happen. */
export async function campaign(plan: Plan, progress: (line: string) => void): Promise<Tally> {
  const tally = new Tally();
  await endure(plan, tally, progress);
  const live: number[] = [];
  let shown = 0;
  for (let round = 0; tally.calls < plan.calls; round++) {
    await playRound(plan, round, tally);
    live.push(liveBytes());
    for (const example of tally.examples.slice(shown)) progress(example);
    shown = tally.examples.length;
    progress(
      `${tally.calls} calls, ${tally.offences} offences, ${Math.round((live.at(-1) ?? 0) / MEBIBYTE)} MiB live`,
    );
  }
  const [warm = 0, ...later] = live.slice(WARM_UP_ROUNDS);
  const growth = Math.max(0, ...later.map((bytes) => bytes - warm));
  if (growth > GROWTH_BYTES) tally.offended(['memory growth', `${Math.round(growth / MEBIBYTE)} MiB`]);
  return tally;
}

/** What many calls of one merchant leave behind, in a process of their own. */
async function endure(
  { enduranceCalls }: Plan,
  tally: Tally,
  progress: (line: string) => void,
): Promise<void> {
  if (enduranceCalls === 0) return tally.leftOut('memory growth');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    ENDURANCE,
    String(enduranceCalls),
  ]);
  const objects = Math.max(0, Number(stdout));
  const told = `${objects.toFixed(2)} objects for each call`;
  if (!(objects <= OBJECTS_PER_CALL)) tally.offended(['memory growth', told]);
  progress(`${enduranceCalls} calls of one merchant left ${told}`);
}

/** From the start of a gateway to the end of the last connection. */
async function playRound(plan: Plan, round: number, tally: Tally): Promise<void> {
  const world = await World.begin(plan, round);
  const chance = (name: string): Chance => new Chance(plan.seed, `${round} ${name}`);
  const overheard = new Overheard(
    (offence) => tally.offended(offence),
    (text) => world.secrets.in(text),
  );
  const over = new AbortController();
  const outages = plan.outages ? world.outages(chance('outages'), over.signal) : undefined;
  const choices = chance('replacing');
  const replacing = setInterval(() => world.replaceOne(choices), REPLACE_EVERY_MS);

  // Once is enough: it depends on nothing that is chosen by chance.
  const deceived = round === 0 ? await impostor(world) : [];
  for (const offence of deceived) tally.offended(offence);

  const verdicts = await playScenes(plan, round, world, tally);

  over.abort();
  clearInterval(replacing);
  await outages;
  for (const offence of await liveness(world, round)) tally.offended(offence);
  for (const verdict of verdicts) verdict();
  for (const counts of world.faultCounts) tally.struck(counts);
  for (const offence of await world.end()) tally.offended(offence);
  overheard.end();
}

/** @returns what is to be looked at once all is over: whether what was concluded still holds */
async function playScenes(plan: Plan, round: number, world: World, tally: Tally): Promise<(() => void)[]> {
  const verdicts: (() => void)[] = [];
  const inTheEnd = (verdict: () => Offence | undefined): void =>
    void verdicts.push(() => tally.offended(verdict()));
  const end = Math.min(plan.calls, tally.calls + plan.callsInRound);
  let scenes = 0;

  async function playOn(): Promise<void> {
    while (tally.calls < end) {
      const number = `R${round}S${++scenes}`;
      const chance = new Chance(plan.seed, number);
      await new Scene({ plan, world, tally, chance, inTheEnd }, number).play();
    }
  }
  await Promise.all(Array.from({ length: plan.concurrency }, playOn));
  return verdicts;
}
