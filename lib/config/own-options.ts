import type { WxPayCommonOptions, WxPaySigner } from '../index.js';
import type { Faults } from './faults.js';
import type { WxPayEnvironment } from './wxpay-environment.js';

/** What the options of one API are made from. */
export interface OptionsInput {
  readonly env: NodeJS.ProcessEnv;
  /** The variables that both APIs have. */
  readonly environment: WxPayEnvironment;
  readonly faults: Faults;
  /** In place of a signer that holds the private key. */
  readonly makeSigner?: SignerFactory;
}

/** Makes the signer of a merchant whose private key is elsewhere. */
export type SignerFactory = (input: { readonly serialNo: string }) => WxPaySigner;

/** The options that only one of the APIs has. */
export type OwnOptions<Options> = Omit<Options, keyof WxPayCommonOptions>;
