import type { WxPayCommonOptions } from '../index.js';
import type { Faults } from './faults.js';
import type { WxPayEnvironment } from './wxpay-environment.js';

/** What the options of one API are made from. */
export interface OptionsInput {
  readonly env: NodeJS.ProcessEnv;
  /** The variables that both APIs have. */
  readonly environment: WxPayEnvironment;
  readonly faults: Faults;
}

/** The options that only one of the APIs has. */
export type OwnOptions<Options> = Omit<Options, keyof WxPayCommonOptions>;
