import { brand } from './brand.js';
import { safeLine } from './redact.js';
import { WxPayError } from './wxpay-error.js';

/**
 * The configuration of the module is invalid. Thrown at start-up, or by `register` and `replace`, with all faults together;
 * also thrown by a service that the merchant's API does not support, with the alternative.
 */
export class WxPayConfigError extends WxPayError {
  readonly code = 'WXPAY_CONFIG';
  /** One or two sentences per fault, with the option or variable and its remedy. */
  readonly faults: readonly string[];

  static {
    brand(this, 'WxPayConfigError');
  }

  constructor(faults: readonly string[], { merchant }: { readonly merchant?: string | undefined } = {}) {
    super(summarise(faults, merchant), { merchant });
    this.faults = faults.map(safeLine);
  }
}

function summarise(faults: readonly string[], merchant?: string): readonly string[] {
  const [first = 'The WeChat Pay configuration is faulty.', ...others] = faults;
  if (others.length === 0) {
    return [merchant === undefined ? first : `WeChat Pay merchant "${merchant}": ${first}`];
  }
  const of = merchant === undefined ? '' : ` of merchant "${merchant}"`;
  return [
    `${faults.length} faults in the WeChat Pay configuration${of}:`,
    ...faults.map((fault) => `  - ${fault}`),
  ];
}
