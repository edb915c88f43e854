import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  IsByteLength,
  IsInt,
  Matches,
  Max,
  Min,
  ValidateBy,
  type ValidationArguments,
  type ValidationOptions,
} from 'class-validator';
import { isBrokenWindowsPath, looksLikePath } from '../crypto/looks-like-path.js';
import { isPublicKeyId } from '../crypto/public-key-id.js';
import { normalizeSerialNo } from '../crypto/serial-no.js';
import { API_KEY_BYTES, APPID } from '../rules/formats.js';
import { areLoopback, isNotifyUrl, notifyUrlFault } from '../rules/notify-url.js';
import { isOverseas, isSafeOrigin, OVERSEAS_FAULT } from '../transport/origin.js';

/** Accepts an API key of 32 bytes. The fault contains its length and nothing else. */
export function IsApiKey(api: 'APIv2' | 'APIv3'): PropertyDecorator {
  const message = ({ value }: ValidationArguments) =>
    `must be exactly ${API_KEY_BYTES} bytes, not ${Buffer.byteLength(String(value))}. Copy the ${api} key that was set in the merchant console.`;
  return IsByteLength(API_KEY_BYTES, API_KEY_BYTES, { message });
}

/** Accepts a well-formed appid. */
export function IsAppid(): PropertyDecorator {
  const message = 'must be the appid that orders are placed with, such as wxd678efh567hg6787.';
  return Matches(APPID, { message });
}

/** Accepts an address for notifications, see {@link isNotifyUrl}. */
export function IsNotifyUrl(max: number): PropertyDecorator {
  const validate = (value: unknown, args?: ValidationArguments): boolean => {
    const { HOSTS }: { readonly HOSTS?: unknown } = args?.object ?? {};
    return isNotifyUrl(value, { max, isLocalAllowed: areLoopback(HOSTS) });
  };
  return ValidateBy({ name: 'isNotifyUrl', validator: { validate } }, { message: notifyUrlFault(max) });
}

/** Accepts `https://host[:port]`, and plain http for loopback addresses only. Rejects the hosts for overseas merchants. */
export function IsOrigin(options: ValidationOptions): PropertyDecorator {
  return applyDecorators(
    ValidateBy({ name: 'isOrigin', validator: { validate: isSafeOrigin } }, options),
    ValidateBy(
      { name: 'isNotOverseas', validator: { validate: (value) => !isOverseas(value) } },
      { ...options, message: OVERSEAS_FAULT },
    ),
  );
}

/** Accepts the identifier of a WeChat Pay public key. The fault points out a serial number in its place. */
export function IsPublicKeyId(): PropertyDecorator {
  const validate = (value: unknown): boolean => isPublicKeyId(String(value));
  return ValidateBy({ name: 'isPublicKeyId', validator: { validate } }, { message: notAPublicKeyId });
}

/** Accepts a normalised serial number of a certificate. */
export function IsSerialNo(): PropertyDecorator {
  const message = ({ value }: ValidationArguments) =>
    `must be the serial number of the merchant API certificate: 40 hexadecimal characters. See "openssl x509 -in apiclient_cert.pem -noout -serial".${pathHint(value)}`;
  return Matches(CERTIFICATE_SERIAL_NO, { message });
}

interface WholeNumber {
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
}

/** Accepts an integer, as a string. */
export function IsWholeNumber({
  unit,
  min = 1,
  max = Number.MAX_SAFE_INTEGER,
}: WholeNumber): PropertyDecorator {
  const message = `must be a whole number of ${unit} from ${min} to ${max}.`;
  return applyDecorators(
    Type(() => Number),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

const CERTIFICATE_SERIAL_NO = /^[0-9A-F]{40}$/;

/** Points out a path in a variable that has no counterpart with `_FILE`. */
function pathHint(value: unknown): string {
  const text = String(value);
  const isPath = looksLikePath(text) || isBrokenWindowsPath(text);
  return isPath ? ' The value looks like a path, which only variables that end in _FILE take.' : '';
}

const PUBLIC_KEY_ID_REMEDY =
  'Copy the identifier shown beside the WeChat Pay public key (微信支付公钥) in the merchant console: it begins with PUB_KEY_ID_.';

function notAPublicKeyId({ value, object }: ValidationArguments): string {
  const { SERIAL_NO }: { readonly SERIAL_NO?: unknown } = object;
  const serialNo = normalizeSerialNo(String(value));
  if (serialNo === SERIAL_NO) {
    return `is the serial number of the merchant's own certificate. ${PUBLIC_KEY_ID_REMEDY}`;
  }
  if (CERTIFICATE_SERIAL_NO.test(serialNo)) {
    return `is the serial number of a certificate. ${PUBLIC_KEY_ID_REMEDY}`;
  }
  return `must be the identifier of the WeChat Pay public key. ${PUBLIC_KEY_ID_REMEDY}${pathHint(value)}`;
}
