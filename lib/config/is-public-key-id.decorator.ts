import { normalizeSerialNo } from '../crypto/serial-no.js';
import { ValidateBy, type ValidationArguments } from 'class-validator';

/** Accepts the identifier of a WeChat Pay public key, and names a serial number that stands in its place. */
export function IsPublicKeyId(): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'string' && /^PUB_KEY_ID_[\x21-\x7e]{1,117}$/.test(value);
  return ValidateBy({ name: 'isPublicKeyId', validator: { validate } }, { message });
}

function message({ value, object }: ValidationArguments): string {
  const { SERIAL_NO }: { readonly SERIAL_NO?: unknown } = object;
  const serialNo = typeof value === 'string' ? normalizeSerialNo(value) : '';
  if (serialNo !== '' && serialNo === SERIAL_NO)
    return `is the serial number of the merchant's own certificate. ${REMEDY}`;
  if (/^[0-9A-F]{40}$/.test(serialNo)) return `is the serial number of a certificate. ${REMEDY}`;
  return `must be the identifier of the WeChat Pay public key. ${REMEDY}`;
}

const REMEDY =
  'Copy the identifier shown beside the WeChat Pay public key (微信支付公钥) in the merchant console: it begins with PUB_KEY_ID_.';
