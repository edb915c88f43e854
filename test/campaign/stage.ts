import type { Chance } from './chance.js';
import type { Plan } from './plan.js';
import type { Offence, Tally } from './tally.js';
import type { World } from './world.js';

/** What a scene plays with. */
export interface Stage {
  readonly plan: Plan;
  readonly world: World;
  readonly tally: Tally;
  readonly chance: Chance;
  /** Adds what is looked at once all is over: whether what was concluded still holds. */
  readonly inTheEnd: (verdict: () => Offence | undefined) => void;
}
