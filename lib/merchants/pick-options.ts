import { OPTION_NAMES } from './faults-of-options.js';
import type { WxPayOptions } from './wxpay-options.js';

/**
 * Copies options by name, because a spread would lose options that are getters of a class.
 *
 * @param options unchecked options: a factory may have returned undefined
 */
export function pickOptions<Options extends WxPayOptions | undefined>(options: Options): Options {
  if (typeof options !== 'object' || options === null) return options;
  const given = OPTION_NAMES.map((name) => [name, Reflect.get(options, name)] as const);
  // Sound: OPTION_NAMES lists every option.
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as unknown as Options;
}
