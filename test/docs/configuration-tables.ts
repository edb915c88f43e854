import { variablesOf, type DescribedVariable } from '../../lib/config/variable.decorator.js';
import { WxPayEnvironment } from '../../lib/config/wxpay-environment.js';
import { WxPayV2Environment } from '../../lib/config/wxpay-v2-environment.js';
import { WxPayV3Environment } from '../../lib/config/wxpay-v3-environment.js';

const START = '<!-- configuration -->';
const END = '<!-- /configuration -->';

const GROUPS = [
  { title: 'Both APIs', type: WxPayEnvironment },
  { title: 'APIv3', type: WxPayV3Environment },
  { title: 'APIv2', type: WxPayV2Environment },
];

/** Every variable, in the order of the tables. */
export const VARIABLES = GROUPS.flatMap(({ type }) => variablesOf(type.prototype));

/** The variables of the environment classes as Markdown tables, one for each class. */
export function configurationTables(prefix = 'WXPAY_'): string {
  return GROUPS.map(({ title, type }) =>
    [
      `**${title}**`,
      '',
      // Not aligned by Prettier: Chinese terms have no agreed width, and one long cell would reflow every row.
      '<!-- prettier-ignore -->',
      '| Variable | Default | Unit | Meaning |',
      '| --- | --- | --- | --- |',
      ...variablesOf(type.prototype).map((variable) => row(prefix, variable)),
    ].join('\n'),
  ).join('\n\n');
}

/**
 * A page with the tables between its markers brought up to date.
 *
 * @throws {Error} when the page has no place for the tables
 */
export function withConfigurationTables(page: string): string {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The page lacks ${START} and ${END}.`);
  return `${before}${START}\n\n${configurationTables()}\n\n${END}${after}`;
}

function row(
  prefix: string,
  { name, required, secret, hasTextFile, default: fallback = 'none', unit = '', meaning }: DescribedVariable,
) {
  const cells = [
    `\`${prefix}${name}\``,
    required ? `required${hasTextFile ? ', here or as a file' : ''}` : fallback,
    unit,
    secret ? `${meaning} **Secret.**` : meaning,
  ];
  return `| ${cells.join(' | ')} |`;
}
