import { loadOptions } from '../../lib/config/load-options.js';
import { WxPayConfigError, type WxPayV3Options } from '../../lib/index.js';
import { generateRsaKeys } from './rsa-keys.js';

export const merchantKeys = generateRsaKeys();
export const weChatPayKeys = generateRsaKeys();

/** The required variables, each with a good value. */
export const COMPLETE_ENVIRONMENT = {
  WXPAY_MCHID: '1900007291',
  WXPAY_SERIAL_NO: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
  WXPAY_PRIVATE_KEY: merchantKeys.privatePem,
  WXPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000072912024',
  WXPAY_PUBLIC_KEY: weChatPayKeys.publicPem,
} as const;

/** Loads the complete environment with some variables changed; undefined takes one away. */
export function loadWith(changes: NodeJS.ProcessEnv = {}): WxPayV3Options {
  return loadOptions({ ...COMPLETE_ENVIRONMENT, ...changes }, { prefix: 'WXPAY_' });
}

/** What loading with these changes is refused with. */
export function refusalOf(changes: NodeJS.ProcessEnv): WxPayConfigError {
  try {
    loadWith(changes);
  } catch (error) {
    if (error instanceof WxPayConfigError) return error;
    throw error;
  }
  throw new Error('The environment was accepted.');
}
