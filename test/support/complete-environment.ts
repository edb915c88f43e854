import { loadOptions } from '../../lib/config/load-options.js';
import { WxPayConfigError, type WxPayV2Options, type WxPayV3Options } from '../../lib/index.js';
import { generateRsaKeys } from './rsa-keys.js';

export const merchantKeys = generateRsaKeys();
export const weChatPayKeys = generateRsaKeys();

/** The required variables of APIv3, each with a good value. */
export const COMPLETE_ENVIRONMENT = {
  WXPAY_MCHID: '1900007291',
  WXPAY_SERIAL_NO: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
  WXPAY_PRIVATE_KEY: merchantKeys.privatePem,
  WXPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000072912024',
  WXPAY_PUBLIC_KEY: weChatPayKeys.publicPem,
} as const;

/** The required variables of APIv2, each with a good value. */
export const COMPLETE_V2_ENVIRONMENT = {
  WXPAY_API: 'v2',
  WXPAY_MCHID: '1900007291',
  WXPAY_APPID: 'wxd678efh567hg6787',
  WXPAY_API_V2_KEY: '192006250b4c09247ec02edce69f6a2d',
} as const;

/** Loads the complete environment with some variables changed; undefined takes one away. */
export function loadWith(changes: NodeJS.ProcessEnv = {}): WxPayV3Options {
  const options = load({ ...COMPLETE_ENVIRONMENT, ...changes });
  if (options.api === 'v2') throw new Error('The environment is one of APIv2.');
  return options;
}

/** The same for APIv2. */
export function loadV2With(changes: NodeJS.ProcessEnv = {}): WxPayV2Options {
  const options = load({ ...COMPLETE_V2_ENVIRONMENT, ...changes });
  if (options.api !== 'v2') throw new Error('The environment is one of APIv3.');
  return options;
}

/** What loading with these changes is refused with. */
export function refusalOf(changes: NodeJS.ProcessEnv): WxPayConfigError {
  return refusalIn({ ...COMPLETE_ENVIRONMENT, ...changes });
}

/** The same for APIv2. */
export function v2RefusalOf(changes: NodeJS.ProcessEnv): WxPayConfigError {
  return refusalIn({ ...COMPLETE_V2_ENVIRONMENT, ...changes });
}

function load(env: NodeJS.ProcessEnv) {
  return loadOptions(env, { prefix: 'WXPAY_' });
}

function refusalIn(env: NodeJS.ProcessEnv): WxPayConfigError {
  try {
    load(env);
  } catch (error) {
    if (error instanceof WxPayConfigError) return error;
    throw error;
  }
  throw new Error('The environment was accepted.');
}
