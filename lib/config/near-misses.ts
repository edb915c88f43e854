import { textOf } from './text.js';

/** Prefixes often used in place of the default one, without their underscores. */
const DEFAULT_PREFIXES = ['WXPAY', 'WECHATPAY', 'WEIXINPAY', 'WXP', 'WECHAT', 'WEIXIN', 'WX'];

/** Names of the same variable in WeChat Pay's documents and in other clients, as skeletons. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  MCHID: ['MCHNO', 'MID', 'MERCHANTID', 'MERCHANTNO'],
  SERIAL_NO: ['SERIAL', 'MCHSERIALNO', 'MERCHANTSERIALNO', 'CERTSERIALNO', 'MCHCERTSERIALNO', 'CERTSERIAL'],
  PRIVATE_KEY: ['APICLIENTKEY', 'MCHPRIVATEKEY', 'MERCHANTPRIVATEKEY', 'PRIVKEY'],
  PRIVATE_KEY_FILE: [
    'APICLIENTKEYFILE',
    'MCHPRIVATEKEYFILE',
    'MERCHANTPRIVATEKEYFILE',
    'KEYFILE',
    'PRIVKEYFILE',
  ],
  PUBLIC_KEY: ['PUBKEY', 'PLATFORMPUBLICKEY'],
  PUBLIC_KEY_FILE: ['PUBKEYFILE', 'PLATFORMPUBLICKEYFILE'],
  PUBLIC_KEY_ID: ['PUBKEYID', 'PLATFORMPUBLICKEYID'],
  API_V3_KEY: ['V3KEY', 'APIKEYV3', 'APIV3SECRET'],
  API_V2_KEY: ['V2KEY', 'APIKEYV2', 'APIKEY', 'MCHKEY', 'KEY'],
  CLIENT_CERT: ['APICLIENTCERT'],
  CLIENT_CERT_FILE: ['APICLIENTCERTFILE', 'CERTFILE'],
};

/** Minimum length of a name for typo detection; shorter names are too similar to each other. */
const MIN_TYPO_LENGTH = 5;

export interface NearMissInput {
  readonly env: NodeJS.ProcessEnv;
  readonly prefix: string;
  /** Names of all variables, without the prefix. A known name is never treated as a typo of another. */
  readonly known: ReadonlySet<string>;
}

/** Finds a set variable whose name differs only in case, underscores and common abbreviations. */
export function findSimilar(variable: string, { env, prefix }: NearMissInput): string | undefined {
  const wanted = skeleton(prefix + variable);
  return Object.keys(env).find((name) => skeleton(name) === wanted && textOf(env[name]) !== undefined);
}

/** Finds a set variable that was probably intended: another prefix or none, another common name or a typo of one character. */
export function findNearMiss(variable: string, input: NearMissInput): string | undefined {
  const { env, prefix, known } = input;
  const wanted = skeleton(variable);
  const names = [wanted, ...(ALIASES[variable] ?? [])];
  const isNear = (name: string): boolean =>
    !(name.startsWith(prefix) && known.has(name.slice(prefix.length))) &&
    stemsOf(name, prefix).some((stem) => names.includes(stem) || isTypo(stem, wanted));
  return (
    findSimilar(variable, input) ??
    Object.keys(env).find((name) => isNear(name) && textOf(env[name]) !== undefined) ??
    findSimilar(variable, { ...input, prefix: '' })
  );
}

/** Returns the skeleton of a name without each prefix that it may have. */
function stemsOf(name: string, prefix: string): string[] {
  const whole = skeleton(name);
  const own = skeleton(prefix);
  const prefixes = own === DEFAULT_PREFIXES[0] ? DEFAULT_PREFIXES : [own];
  return prefixes.filter((each) => whole.startsWith(each)).map((each) => whole.slice(each.length));
}

/**
 * Reduces a name to its skeleton: names that users confuse have the same one, such as …_MCH_ID and …_MCHID, or
 * …_CERTIFICATE_PATH and …_CERT_FILE. Keys are accepted in base64, so …_KEY_BASE64 is …_KEY.
 */
function skeleton(name: string): string {
  return name
    .toUpperCase()
    .replaceAll(/[_.-]/g, '')
    .replace('CERTIFICATE', 'CERT')
    .replace('PATH', 'FILE')
    .replace(/NUMBER|NUM/, 'NO')
    .replace(/B(ASE)?64$/, '');
}

/**
 * Returns true if two names differ by one character that is missing, added, wrong or swapped with its neighbour. A typo in
 * the first character is rare and not considered.
 */
function isTypo(given: string, wanted: string): boolean {
  if (given[0] !== wanted[0] || wanted.length < MIN_TYPO_LENGTH) return false;
  let start = 0;
  while (start < given.length && given[start] === wanted[start]) start++;
  const [a, b] = [given.slice(start), wanted.slice(start)];
  const swapped = b.charAt(1) + b.charAt(0) + b.slice(2);
  return a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || a === swapped;
}
