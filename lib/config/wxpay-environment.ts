import { applyDecorators } from '@nestjs/common';
import { Transform, Type, type TransformFnParams } from 'class-transformer';
import {
  ArrayUnique,
  IsByteLength,
  IsIn,
  IsInt,
  Matches,
  Max,
  Min,
  type ValidationArguments,
} from 'class-validator';
import { IsOrigin } from './is-origin.decorator.js';
import { Variable } from './variable.decorator.js';

/** Node's timers hold a signed 32-bit number of milliseconds and fire at once beyond it. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const VERIFICATION_KEYS = ['public-key', 'certificates'] as const;
const NOT_VERIFICATION_KEYS =
  'must be public-key, certificates, or both separated by a comma, the preferred one first.';

/** What replies can be verified with. */
export type VerificationKey = (typeof VERIFICATION_KEYS)[number];

/**
 * The environment variables of one merchant, named without their prefix.
 *
 * Validation messages follow the name of the variable and never contain its value. The table in
 * docs/configuration.md is made from this class.
 */
export class WxPayEnvironment {
  @Variable({ required: true, meaning: 'Merchant number (商户号).' })
  @Matches(/^\d{1,32}$/, { message: 'must be the merchant number: digits only.' })
  readonly MCHID?: string;

  @Variable({
    required: true,
    meaning:
      'Serial number of the merchant API certificate (商户API证书序列号), 40 hexadecimal characters: `openssl x509 -in apiclient_cert.pem -noout -serial`.',
  })
  @Matches(/^[0-9A-Fa-f]{40}$/, {
    message:
      'must be the serial number of the merchant API certificate: 40 hexadecimal characters without colons. See "openssl x509 -in apiclient_cert.pem -noout -serial".',
  })
  readonly SERIAL_NO?: string;

  @Variable({
    secret: true,
    default: 'required, here or as a file',
    meaning: "The merchant's private key, apiclient_key.pem: PEM, also with escaped line ends, or base64.",
  })
  readonly PRIVATE_KEY?: string;

  @Variable({ meaning: 'Path of apiclient_key.pem; relative paths start at the working directory.' })
  readonly PRIVATE_KEY_FILE?: string;

  @Variable({
    default: 'required for the public key',
    meaning: 'Identifier of the WeChat Pay public key (微信支付公钥ID), `PUB_KEY_ID_…`.',
  })
  @Matches(/^[\x21-\x7e]{1,128}$/, {
    message:
      'must be the identifier shown beside the WeChat Pay public key in the merchant console, such as PUB_KEY_ID_….',
  })
  readonly PUBLIC_KEY_ID?: string;

  @Variable({
    default: 'required for the public key, here or as a file',
    meaning: 'The WeChat Pay public key (微信支付公钥), pub_key.pem, in the same forms.',
  })
  readonly PUBLIC_KEY?: string;

  @Variable({ meaning: 'Path of pub_key.pem; relative paths start at the working directory.' })
  readonly PUBLIC_KEY_FILE?: string;

  @Variable({
    secret: true,
    default: 'required for certificates',
    meaning:
      'APIv3 key (APIv3密钥), exactly 32 bytes. Decrypts platform certificates (平台证书) and notifications.',
  })
  @IsByteLength(32, 32, { message: notThirtyTwoBytes })
  readonly API_V3_KEY?: string;

  @Variable({
    default: '`public-key` if one is set, else `certificates`',
    meaning:
      'What replies are verified with: `public-key`, `certificates`, or both while WeChat Pay changes from one to the other, the preferred one first: `public-key,certificates` or `certificates,public-key`.',
  })
  @Transform(splitAtCommas)
  @IsIn(VERIFICATION_KEYS, { each: true, message: NOT_VERIFICATION_KEYS })
  @ArrayUnique({ message: NOT_VERIFICATION_KEYS })
  readonly VERIFY_WITH?: readonly VerificationKey[];

  @Variable({
    default: '`https://api.mch.weixin.qq.com`',
    meaning:
      'Origins of WeChat Pay, separated by commas, the preferred one first. Plain http is accepted for loopback addresses only.',
  })
  @Transform(splitAtCommas)
  @IsOrigin({
    each: true,
    message:
      'must be origins such as https://api.mch.weixin.qq.com, separated by commas, without path or user; http is for loopback addresses only.',
  })
  readonly HOSTS?: readonly string[];

  @Variable({
    default: '10000',
    unit: 'milliseconds',
    meaning: 'Bounds each call as a whole: waiting, signing and retries included.',
  })
  @IsWholeNumberUpTo(MAX_TIMER_MS, 'milliseconds')
  readonly TIMEOUT_MS?: number;

  @Variable({
    default: '1048576',
    unit: 'bytes',
    meaning: 'The largest reply that is accepted, after decompression.',
  })
  @IsWholeNumberUpTo(Number.MAX_SAFE_INTEGER, 'bytes')
  readonly MAX_REPLY_BYTES?: number;

  @Variable({
    meaning: "Put before the library's own `User-Agent`, for example `shop/4.2`.",
  })
  @Matches(/^[\x20-\x7e]+$/, { message: 'must be printable ASCII, such as shop/4.2.' })
  readonly USER_AGENT?: string;
}

function IsWholeNumberUpTo(max: number, unit: string): PropertyDecorator {
  const message = `must be a whole number of ${unit} from 1 to ${max}.`;
  return applyDecorators(
    Type(() => Number),
    IsInt({ message }),
    Min(1, { message }),
    Max(max, { message }),
  );
}

function splitAtCommas({ value }: TransformFnParams): string[] {
  return String(value)
    .split(',')
    .map((part) => part.trim());
}

function notThirtyTwoBytes({ value }: ValidationArguments): string {
  return `must be exactly 32 bytes, not ${Buffer.byteLength(String(value))}. Copy the APIv3 key that was set in the merchant console.`;
}
