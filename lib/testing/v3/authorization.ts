import { signError } from './problem.js';

/** Fields of the `Authorization` header. */
export interface Authorization {
  readonly mchid: string;
  readonly nonce: string;
  readonly timestamp: string;
  readonly serialNo: string;
  readonly signature: string;
}

const MALFORMED = 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》';
const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
const FIELDS = {
  mchid: /^\d{1,32}$/,
  nonce_str: /^[\x21-\x7e]{1,32}$/,
  timestamp: /^[1-9]\d{0,11}$/,
  serial_no: /^[0-9A-Fa-f]{1,64}$/,
  signature: /^[0-9A-Za-z+/]+={0,2}$/,
};

/**
 * Parses the header: scheme, then every field exactly once, in any order.
 *
 * @throws {Problem} 401
 */
export function readAuthorization(lines: readonly string[]): Authorization {
  const [line] = lines;
  if (line === undefined || lines.length !== 1) {
    throw signError(MALFORMED, {
      field: 'Authorization',
      issue: `sent ${lines.length} times`,
    });
  }
  const [scheme, rest = ''] = line.split(/ (.*)/s);
  if (scheme !== SCHEME) {
    throw signError('Http头Authorization认证类型不正确', {
      field: 'Authorization',
      issue: `scheme is not ${SCHEME}`,
    });
  }
  const fields = readFields(rest);
  return {
    mchid: fields('mchid'),
    nonce: fields('nonce_str'),
    timestamp: fields('timestamp'),
    serialNo: fields('serial_no'),
    signature: fields('signature'),
  };
}

function readFields(text: string): (name: keyof typeof FIELDS) => string {
  const seen = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, name, value] = /^([a-z_]+)="([^"]*)"$/.exec(part) ?? [];
    if (name === undefined || value === undefined) {
      throw malformed('Authorization', 'not a list of name="value"');
    }
    if (!Object.hasOwn(FIELDS, name)) throw malformed(name, 'unknown field');
    if (seen.has(name)) throw malformed(name, 'sent twice');
    seen.set(name, value);
  }
  return (name) => {
    const value = seen.get(name);
    if (value === undefined) throw malformed(name, 'missing');
    if (!FIELDS[name].test(value)) throw malformed(name, 'malformed');
    return value;
  };
}

function malformed(field: string, issue: string): Error {
  return signError(MALFORMED, { field, issue });
}
