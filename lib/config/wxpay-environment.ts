import { Transform } from 'class-transformer';
import { IsIn, Matches } from 'class-validator';
import { MCHID } from '../rules/formats.js';
import { MAX_ATTEMPTS, MAX_IN_FLIGHT, MAX_MIN_ORDER_AGE_MS, MAX_TIMEOUT_MS } from '../rules/limits.js';
import { MAX_NOTIFY_URL, MAX_REFUND_NOTIFY_URL } from '../rules/notify-url.js';
import { splitAtCommas } from './text.js';
import { IsAppid, IsNotifyUrl, IsOrigin, IsWholeNumber } from './validators.js';
import { Variable } from './variable.decorator.js';

/**
 * Environment variables that both APIs have, without their prefix.
 *
 * Validation messages follow the name of the variable and never contain its value. The tables in docs/configuration.md are
 * generated from this class and those of the two APIs.
 */
export class WxPayEnvironment {
  @Variable({ default: '`v3`', meaning: 'API that the merchant uses: `v3` or `v2`.' })
  @IsIn(['v3', 'v2'], { message: 'must be v3 or v2.' })
  readonly API?: string;

  @Variable({ required: true, meaning: 'Merchant number (商户号).' })
  @Matches(MCHID, { message: 'must be the merchant number: digits only.' })
  readonly MCHID?: string;

  @Variable({
    default: 'required for APIv2',
    meaning: 'Appid that orders are placed with, unless their request names another.',
  })
  @IsAppid()
  readonly APPID?: string;

  @Variable({
    meaning:
      'Address that WeChat Pay sends payment notifications to, unless the request of an order names another: https, without a query.',
  })
  @IsNotifyUrl(MAX_NOTIFY_URL)
  readonly NOTIFY_URL?: string;

  @Variable({
    meaning: 'The same for refund notifications; refunds do not use `NOTIFY_URL`.',
  })
  @IsNotifyUrl(MAX_REFUND_NOTIFY_URL)
  readonly REFUND_NOTIFY_URL?: string;

  @Variable({
    secret: true,
    default: 'required for APIv3, here or as a file',
    meaning:
      "The merchant's private key, apiclient_key.pem: PEM, also with escaped line ends, or base64. APIv2 needs it for reversing and refunding only.",
  })
  readonly PRIVATE_KEY?: string;

  @Variable({ meaning: 'Path of apiclient_key.pem; relative paths start at the working directory.' })
  readonly PRIVATE_KEY_FILE?: string;

  @Variable({
    default: '`https://api.mch.weixin.qq.com,https://api2.mch.weixin.qq.com`',
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
    meaning: 'Time limit of a call, including waiting, signing and retries.',
  })
  @IsWholeNumber({ unit: 'milliseconds', max: MAX_TIMEOUT_MS })
  readonly TIMEOUT_MS?: number;

  @Variable({
    default: '3000, or half of `TIMEOUT_MS`',
    unit: 'milliseconds',
    meaning: 'Time that a host has to reply before the next host is tried.',
  })
  @IsWholeNumber({ unit: 'milliseconds', max: MAX_TIMEOUT_MS })
  readonly ATTEMPT_TIMEOUT_MS?: number;

  @Variable({
    default: '4',
    meaning: 'Maximum number of attempts per call; 1 disables retries.',
  })
  @IsWholeNumber({ unit: 'attempts', max: MAX_ATTEMPTS })
  readonly MAX_ATTEMPTS?: number;

  @Variable({
    default: '64',
    meaning: 'Maximum number of concurrent attempts, and of connections per host; further attempts wait.',
  })
  @IsWholeNumber({ unit: 'attempts', max: MAX_IN_FLIGHT })
  readonly MAX_IN_FLIGHT?: number;

  @Variable({
    default: '300000',
    unit: 'milliseconds',
    meaning:
      'Minimum age of an order to be closed, if its age is given; 0 for none, 604800000 (seven days) at most.',
  })
  @IsWholeNumber({ unit: 'milliseconds', min: 0, max: MAX_MIN_ORDER_AGE_MS })
  readonly MIN_ORDER_AGE_MS?: number;

  @Variable({
    default: '1048576',
    unit: 'bytes',
    meaning: 'Maximum size of a reply, after decompression.',
  })
  @IsWholeNumber({ unit: 'bytes' })
  readonly MAX_REPLY_BYTES?: number;

  @Variable({
    meaning: "Put before the library's own `User-Agent`, for example `shop/4.2`.",
  })
  @Matches(/^[\x20-\x7e]+$/, { message: 'must be printable ASCII, such as shop/4.2.' })
  readonly USER_AGENT?: string;
}
