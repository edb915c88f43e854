import { FLOW_GUARDS } from './flow-guards.js';
import type { Guard } from './guard.js';
import { IDENTITY_GUARDS } from './identity-guards.js';
import { MONEY_GUARDS } from './money-guards.js';
import { REVERSE_GUARDS } from './reverse-guards.js';
import { V2_GUARDS } from './v2-guards.js';
import { V3_GUARDS } from './v3-guards.js';

/** What is switched off, one at a time, to see that the campaign notices. */
export const GUARDS: readonly Guard[] = [
  ...V3_GUARDS,
  ...V2_GUARDS,
  ...FLOW_GUARDS,
  ...IDENTITY_GUARDS,
  ...REVERSE_GUARDS,
  ...MONEY_GUARDS,
];
