import { constants, publicEncrypt, type KeyObject } from 'node:crypto';
import { jsonReply } from '../http/exchange.js';
import type { PlatformKeys } from '../keys/platform-keys.js';
import { notifyUrl } from './notify-url.js';
import { patternMismatch, unreadableRequest } from './parameter-problems.js';
import { optional, string, text } from './parameters.js';
import { route, type Route } from './route.js';

export interface SecurityRouteTerms {
  readonly platform: PlatformKeys;
  /** Key of the merchant API certificate, which replies are encrypted with. */
  readonly merchantPublicKey: KeyObject;
  /** Accepts a `notify_url` that WeChat Pay could not reach. */
  readonly allowLocalNotifyUrl: boolean;
}

const encrypted = optional(string({ max: 1024, pattern: /^[A-Za-z0-9+/]+={0,2}$/ }));

/**
 * Creates the endpoint with which merchants test their keys. It repeats the message, and the encrypted one encrypted for the
 * merchant. A `notify_url` is checked; no notification is sent.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4014551946
 */
export function securityRoutes({
  platform,
  merchantPublicKey,
  allowLocalNotifyUrl,
}: SecurityRouteTerms): readonly Route[] {
  const optionalNotifyUrl = optional(notifyUrl(allowLocalNotifyUrl, 256));
  return [
    route({
      operation: 'security.echo',
      method: 'POST',
      path: '/v3/security/echo',
      inPath: {},
      fields: {
        notify_url: optionalNotifyUrl,
        echo_message: text({ max: 1024 }),
        encrypted_echo_message: encrypted,
      },
      reply({ parameters: { echo_message, encrypted_echo_message: ciphertext }, serialNo }) {
        if (serialNo === undefined) throw unreadableRequest('缺少平台证书序列号Wechatpay-Serial');
        const message = ciphertext && decrypted(ciphertext, serialNo, platform);
        return jsonReply(200, {
          echo_message,
          encrypted_echo_message: message && encryptedFor(merchantPublicKey, message),
        });
      },
    }),
  ];
}

function decrypted(ciphertext: string, serialNo: string, platform: PlatformKeys): string {
  try {
    return platform.decrypt(serialNo, ciphertext);
  } catch {
    throw patternMismatch({ location: 'body', pointer: '/encrypted_echo_message' }, ciphertext);
  }
}

function encryptedFor(key: KeyObject, message: string): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha1' }, Buffer.from(message)).toString('base64');
}
