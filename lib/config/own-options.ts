import type { WxPayCommonOptions, WxPaySigner } from '../index.js';
import type { Faults } from './faults.js';
import type { WxPayEnvironment } from './wxpay-environment.js';

/** Input for the options of one API. */
export interface OptionsInput {
  readonly env: NodeJS.ProcessEnv;
  /** Variables that both APIs have. */
  readonly environment: WxPayEnvironment;
  readonly faults: Faults;
  /** Replaces the signer that holds the private key. */
  readonly makeSigner?: SignerFactory;
}

/** Creates the signer of a merchant whose private key is not in this process. */
export type SignerFactory = (input: { readonly serialNo: string }) => WxPaySigner;

/** Options that only one of the APIs has. */
export type OwnOptions<Options> = Omit<Options, keyof WxPayCommonOptions>;
