import { dateTime, identifier, list, object, optional, required, text } from '../json.js';
import type { V3Operation } from '../operation.js';

/** Platform certificate as WeChat Pay sends it, encrypted with the APIv3 key. */
export interface EncryptedCertificate {
  readonly serialNo: string;
  readonly effectiveTime: Date;
  readonly expireTime: Date;
  readonly encryptCertificate: {
    readonly algorithm: string;
    readonly nonce: string;
    readonly associatedData?: string;
    readonly ciphertext: string;
  };
}

const certificate = object<EncryptedCertificate>({
  serialNo: required('serial_no', identifier),
  effectiveTime: required('effective_time', dateTime),
  expireTime: required('expire_time', dateTime),
  encryptCertificate: required(
    'encrypt_certificate',
    object<EncryptedCertificate['encryptCertificate']>({
      algorithm: required('algorithm', identifier),
      nonce: required('nonce', identifier),
      associatedData: optional('associated_data', text),
      ciphertext: required('ciphertext', identifier),
    }),
  ),
});

const reply = object<{ readonly data: readonly EncryptedCertificate[] }>({
  data: required('data', list(certificate)),
});

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4012551764 */
export const downloadCertificates: V3Operation<{ readonly mchid: string }, readonly EncryptedCertificate[]> =
  {
    name: 'certificates.download',
    effect: 'none',
    successStatus: [200],
    subject: ({ mchid }) => `merchant ${mchid}`,
    request: () => ({ method: 'GET', path: '/v3/certificates', body: '' }),
    decode: (json) => reply(json, '$').data,
  };
