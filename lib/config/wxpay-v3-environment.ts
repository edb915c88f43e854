import { Transform } from 'class-transformer';
import { ArrayUnique, IsIn } from 'class-validator';
import { normalizeSerialNo } from '../crypto/serial-no.js';
import { MAX_SIGNING_CONCURRENCY } from '../rules/limits.js';
import { splitAtCommas } from './text.js';
import { IsApiKey, IsAppid, IsPublicKeyId, IsSerialNo, IsWholeNumber } from './validators.js';
import { Variable } from './variable.decorator.js';

const VERIFICATION_KEYS = ['public-key', 'certificates'] as const;
const NOT_VERIFICATION_KEYS =
  'must be public-key, certificates, or both separated by a comma, the preferred one first.';

/** Kind of key that replies are verified with. */
export type VerificationKey = (typeof VERIFICATION_KEYS)[number];

/** Environment variables that only an APIv3 merchant has. */
export class WxPayV3Environment {
  @Variable({
    required: true,
    meaning:
      'Serial number of the merchant API certificate (商户API证书序列号), 40 hexadecimal characters: `openssl x509 -in apiclient_cert.pem -noout -serial`.',
  })
  @Transform(({ value }) => normalizeSerialNo(String(value)))
  @IsSerialNo()
  readonly SERIAL_NO?: string;

  @Variable({
    default: 'required for the public key',
    meaning: 'Identifier of the WeChat Pay public key (微信支付公钥ID), `PUB_KEY_ID_…`.',
  })
  @IsPublicKeyId()
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
    hasTextFile: true,
    default: 'required for certificates, here or as a file',
    meaning:
      'APIv3 key (APIv3密钥), exactly 32 bytes. Decrypts payment notifications (支付回调通知) and platform certificates (平台证书).',
  })
  @IsApiKey('APIv3')
  readonly API_V3_KEY?: string;

  @Variable({
    meaning:
      'Path of a file with the APIv3 key, in place of it; relative paths start at the working directory.',
  })
  readonly API_V3_KEY_FILE?: string;

  @Variable({
    default: '`public-key` if one is set, else `certificates`',
    meaning:
      'Kinds of keys that replies are verified with: `public-key`, `certificates`, or both during a migration, the preferred one first: `public-key,certificates` or `certificates,public-key`.',
  })
  @Transform(splitAtCommas)
  @IsIn(VERIFICATION_KEYS, { each: true, message: NOT_VERIFICATION_KEYS })
  @ArrayUnique({ message: NOT_VERIFICATION_KEYS })
  readonly VERIFY_WITH?: readonly VerificationKey[];

  @Variable({
    default: '4',
    meaning:
      'Maximum number of signatures computed at a time, for all merchants of the app together; the thread pool also serves files and DNS.',
  })
  @IsWholeNumber({ unit: 'signatures', max: MAX_SIGNING_CONCURRENCY })
  readonly SIGNING_CONCURRENCY?: number;

  @Variable({
    meaning:
      'Appid with which 付款码 orders are placed and reversed over APIv3, if `WXPAY_APPID` is not set.',
  })
  @IsAppid()
  readonly CODE_PAY_APPID?: string;
}
