import { variablesOf, type Variable } from '../../lib/config/variable.decorator.js';
import { WxPayEnvironment } from '../../lib/config/wxpay-environment.js';

const START = '<!-- configuration -->';
const END = '<!-- /configuration -->';

/** The variables of `WxPayEnvironment` as a Markdown table. */
export function configurationTable(prefix = 'WXPAY_'): string {
  return [
    '| Variable | Default | Unit | Meaning |',
    '| --- | --- | --- | --- |',
    ...variablesOf(WxPayEnvironment.prototype).map((variable) => row(prefix, variable)),
  ].join('\n');
}

/**
 * A page with the table between its markers brought up to date.
 *
 * @throws {Error} when the page has no place for the table
 */
export function withConfigurationTable(page: string): string {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The page lacks ${START} and ${END}.`);
  // Not aligned by Prettier: Chinese terms have no agreed width, and one long cell would reflow every row.
  return `${before}${START}\n\n<!-- prettier-ignore -->\n${configurationTable()}\n\n${END}${after}`;
}

function row(
  prefix: string,
  { name, required, secret, default: fallback = 'none', unit = '', meaning }: Variable,
) {
  const cells = [
    `\`${prefix}${name}\``,
    required ? 'required' : fallback,
    unit,
    secret ? `${meaning} **Secret.**` : meaning,
  ];
  return `| ${cells.join(' | ')} |`;
}
