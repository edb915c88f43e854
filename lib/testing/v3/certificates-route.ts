import { jsonReply } from '../http/exchange.js';
import type { MockPlatformCertificate } from '../keys/platform-certificate.js';
import type { PlatformKeys } from '../keys/platform-keys.js';
import { beijingTime } from '../orders/texts.js';
import { encrypt } from './encrypt.js';
import { optional, string } from './parameters.js';
import { Problem } from './problem.js';
import { route, type Route } from './route.js';

/**
 * Creates the endpoint for platform certificates, which are encrypted with the APIv3 key.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012551764
 */
export function certificatesRoute(platform: PlatformKeys, apiV3Key: string): Route {
  return route({
    operation: 'certificates.download',
    method: 'GET',
    path: '/v3/certificates',
    inPath: {},
    fields: { algorithm_type: optional(string({ max: 32, pattern: /^(RSA|ALL)$/ })) },
    reply() {
      const { certificates } = platform;
      if (certificates.length === 0) {
        throw new Problem({
          status: 404,
          code: 'RESOURCE_NOT_EXISTS',
          message:
            '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引https://pay.weixin.qq.com/docs/merchant/products/platform-certificate/wxp-pub-key-guide.html',
        });
      }
      const list = certificates.map((each) => certificateJson(each, apiV3Key));
      return { ...jsonReply(200, { data: list }), signWithNamedKey: true };
    },
  });
}

function certificateJson(
  { serialNo, certificate, effectiveAt, expiresAt }: MockPlatformCertificate,
  apiV3Key: string,
): Record<string, unknown> {
  return {
    serial_no: serialNo,
    effective_time: beijingTime(effectiveAt),
    expire_time: beijingTime(expiresAt),
    encrypt_certificate: encrypt(certificate, apiV3Key, 'certificate'),
  };
}
