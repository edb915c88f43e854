import type { Settlement } from 'nestjs-wxpay';
import type { Chance } from './chance.js';
import type { OrderName } from './history.js';
import type { Plan } from './plan.js';
import type { Tally } from './tally.js';
import type { World } from './world.js';

/** What a scene plays with. */
export interface Stage {
  readonly plan: Plan;
  readonly world: World;
  readonly tally: Tally;
  readonly chance: Chance;
  /** Told of each settlement, which has to hold for ever. */
  readonly settled: (settlement: Settlement, name: OrderName) => void;
}
