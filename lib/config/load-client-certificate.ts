import { readCertificates, readPrivateKey } from '../crypto/pem.js';
import type { ClientCertificate } from '../index.js';
import type { Faults } from './faults.js';
import { readContent } from './read-content.js';
import type { WxPayEnvironment } from './wxpay-environment.js';
import type { WxPayV2Environment } from './wxpay-v2-environment.js';

/** Reads the client certificate and its key, needed to reverse orders over APIv2; undefined if it is not set or invalid. */
export function loadClientCertificate(
  environment: WxPayEnvironment & WxPayV2Environment,
  faults: Faults,
): ClientCertificate | undefined {
  // `isMeant` also finds misspelt names, so that a typo is not taken for a merchant that never reverses.
  if (!faults.isMeant('CLIENT_CERT', 'CLIENT_CERT_FILE')) return undefined;
  const certificate = readContent(environment, 'CLIENT_CERT', faults);
  const key = readContent(environment, 'PRIVATE_KEY', faults);
  const certificates =
    certificate && faults.readOrReport(() => readCertificates(certificate.content), certificate.variable);
  const privateKey = key && faults.readOrReport(() => readPrivateKey(key.content), key.variable);
  if (!certificates || !privateKey) return undefined;
  if (!certificates[0].checkPrivateKey(privateKey)) {
    faults.add(
      certificate.variable,
      `does not belong to the private key in ${faults.nameOf(key.variable)}. Use apiclient_cert.pem and apiclient_key.pem of one download.`,
    );
  }
  return { cert: certificates.join(''), key: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
}
