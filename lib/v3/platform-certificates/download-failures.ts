import { DecryptionError } from '../../crypto/aes-gcm.js';
import type { CallContext } from '../../errors/call-context.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { WxPayProtocolError } from '../../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';
import type { Reply } from '../../transport/http/reply.js';
import { UnexpectedJson } from '../json.js';

const USE_PUBLIC_KEY =
  'Verify with the WeChat Pay public key (微信支付公钥): pass a PublicKeyVerifier, or set WXPAY_PUBLIC_KEY and WXPAY_PUBLIC_KEY_ID.';

/** Returns the error for a refused download. It tells a merchant without certificates to use the public key. */
export function downloadRefused(error: unknown, mchid: string): unknown {
  return error instanceof WxPayApiError && error.code === 'RESOURCE_NOT_EXISTS'
    ? new WxPayConfigError([`mchid ${mchid} has no platform certificate (平台证书). ${USE_PUBLIC_KEY}`])
    : error;
}

/** Returns the error for a list that cannot be decrypted or differs from the documentation. */
export function unreadableList(error: unknown, { operation, subject, merchant }: CallContext): unknown {
  const reply = `The reply to ${operation} of ${subject}`;
  if (error instanceof DecryptionError) {
    return error.likelyCause === 'key'
      ? new WxPayConfigError([`apiV3Key is not accepted: a platform certificate ${error.message}.`])
      : new WxPaySignatureError(
          'mismatch',
          `${reply} could not be verified: a certificate in it ${error.message}. Check that no proxy changes replies.`,
          { merchant },
        );
  }
  if (error instanceof UnexpectedJson) {
    return new WxPayProtocolError(
      error.path,
      `${reply} is not what WeChat Pay's documentation promises: ${error.message} If it persists, update this package or report it.`,
      { merchant },
    );
  }
  return error;
}

/** Returns the error for a decrypted list without a trusted signature. */
export function untrustedList(
  error: unknown,
  { headers }: Reply,
  { operation, subject, merchant }: CallContext,
): unknown {
  if (!(error instanceof WxPaySignatureError) || error.reason !== 'unknown-serial') return error;
  const reply = `The reply to ${operation} of ${subject}`;
  return headers.get('wechatpay-serial')?.startsWith('PUB_KEY_ID_')
    ? new WxPayConfigError([`${reply} is signed with the WeChat Pay public key. ${USE_PUBLIC_KEY}`])
    : // Not "unknown-serial": it would be attributed to the reply of the call that needed the certificates.
      new WxPaySignatureError(
        'mismatch',
        `${reply} could not be verified: it is signed with a certificate that is not trusted. While no certificate is held, the option trust, if set, must verify the list. If WeChat Pay withdrew the trusted certificates early, restart the app or call merchants.replace().`,
        { merchant, cause: error },
      );
}
