import { webcrypto, type KeyObject } from 'node:crypto';
import { loadX509, validFrom } from './x509.js';

/** Merchant API certificate and its key, in PEM: apiclient_cert.pem and apiclient_key.pem. */
export interface MockClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Client certificate and its issuer. */
export interface IssuedCertificate {
  readonly certificate: MockClientCertificate;
  /** Certificate of the issuer, in PEM. */
  readonly issuer: string;
}

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** Issues the merchant API certificate for the merchant's own key, as WeChat Pay does. */
export async function issueClientCertificate(
  mchid: string,
  {
    merchant,
    merchantPublicKey,
  }: {
    readonly merchant: { readonly merchantPrivateKey: string; readonly merchantSerialNo: string };
    readonly merchantPublicKey: KeyObject;
  },
): Promise<IssuedCertificate> {
  const { X509CertificateGenerator, BasicConstraintsExtension } = await loadX509();
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const issuer = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=mock-wxpay-gateway client CA',
    keys,
    signingAlgorithm: EC,
    ...validFrom(Date.now(), 1),
    extensions: [new BasicConstraintsExtension(true)],
  });
  const spki = merchantPublicKey.export({ type: 'spki', format: 'der' });
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${mchid}`,
    issuer: issuer.subject,
    serialNumber: merchant.merchantSerialNo,
    publicKey: await webcrypto.subtle.importKey('spki', spki, RSA, true, ['verify']),
    signingKey: keys.privateKey,
    signingAlgorithm: EC,
    ...validFrom(Date.now(), 1),
  });
  return {
    certificate: { cert: certificate.toString('pem'), key: merchant.merchantPrivateKey },
    issuer: issuer.toString('pem'),
  };
}
