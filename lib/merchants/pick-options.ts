import { OPTION_NAMES } from './option-checks.js';
import type { WxPayOptions } from './wxpay-options.js';

/**
 * Copies options by their names: a spread would lose those that a class has as getters.
 *
 * @param options checked by nobody yet: a factory may have returned nothing
 */
export function pickOptions<Options extends WxPayOptions | undefined>(options: Options): Options {
  if (typeof options !== 'object' || options === null) return options;
  const given = OPTION_NAMES.map((name) => [name, Reflect.get(options, name)] as const);
  // Sound: these are all the options that there are, with their values.
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as unknown as Options;
}
