import { jsonAnswer } from '../http/exchange.js';
import type { MockPlatformCertificate } from '../keys/platform-certificate.js';
import type { PlatformKeys } from '../keys/platform-keys.js';
import { beijingTime } from '../orders/texts.js';
import { encrypt } from './encrypted.js';
import { optional, text } from './parameters.js';
import { Problem } from './problem.js';
import { route, type Route } from './route.js';

/**
 * The list of platform certificates, encrypted with the APIv3 key.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012551764
 */
export function certificatesRoute(platform: PlatformKeys, apiV3Key: string): Route {
  return route({
    operation: 'certificates.download',
    method: 'GET',
    path: '/v3/certificates',
    inPath: {},
    fields: { algorithm_type: optional(text({ max: 32, pattern: /^(RSA|ALL)$/ })) },
    answer() {
      const { certificates } = platform;
      if (certificates.length === 0)
        throw new Problem({
          status: 404,
          code: 'RESOURCE_NOT_EXISTS',
          message:
            '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引https://pay.weixin.qq.com/docs/merchant/products/platform-certificate/wxp-pub-key-guide.html',
        });
      const list = certificates.map((each) => sealed(each, apiV3Key));
      return { ...jsonAnswer(200, { data: list }), signedAsNamed: true };
    },
  });
}

function sealed(
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
