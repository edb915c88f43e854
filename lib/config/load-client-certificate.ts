import { createPrivateKey, KeyObject, X509Certificate } from 'node:crypto';
import { RsaSigner, type ClientCertificate } from '../index.js';
import type { Faults } from './faults.js';
import { toPemOrDer } from './key-input.js';
import { readContent, readKey, type GivenContent, type GivenKey } from './read-key.js';
import type { WxPayEnvironment } from './wxpay-environment.js';
import type { WxPayV2Environment } from './wxpay-v2-environment.js';

/** Reads the certificate that reversing over APIv2 needs, with its key; undefined if there is none or it is faulty. */
export function loadClientCertificate(
  environment: WxPayEnvironment & WxPayV2Environment,
  faults: Faults,
): ClientCertificate | undefined {
  // A misspelt name is not to pass for a merchant that never reverses.
  if (!faults.isMeant('CLIENT_CERT', 'CLIENT_CERT_FILE')) return undefined;
  const givenCertificate = readContent(environment, 'CLIENT_CERT', faults);
  const givenKey = readKey(environment, 'PRIVATE_KEY', faults);
  const certificate = givenCertificate && parseCertificate(givenCertificate, faults);
  const privateKey = givenKey && parseKey(givenKey, faults);
  if (!givenCertificate || !certificate || !givenKey || !privateKey) return undefined;
  if (!certificate.checkPrivateKey(privateKey)) {
    faults.add(
      givenCertificate.variable,
      `does not belong to the private key in ${faults.nameOf(givenKey.variable)}. Use apiclient_cert.pem and apiclient_key.pem of one download.`,
    );
  }
  return { cert: certificate.toString(), key: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
}

function parseCertificate({ variable, content }: GivenContent, faults: Faults): X509Certificate | undefined {
  try {
    return new X509Certificate(toPemOrDer(content));
  } catch {
    // The error of OpenSSL names neither cause nor remedy.
    faults.add(
      variable,
      'is not a certificate that can be read. Use apiclient_cert.pem (BEGIN CERTIFICATE), not apiclient_cert.p12 and not a key.',
    );
    return undefined;
  }
}

function parseKey({ variable, key }: GivenKey, faults: Faults): KeyObject | undefined {
  // It signs nothing over APIv2, but a signer says best what is wrong with a key; any serial number will do.
  const signer = faults.attempt(() => new RsaSigner({ privateKey: key, serialNo: '0' }), {
    privateKey: variable,
  });
  return signer && (key instanceof KeyObject ? key : createPrivateKey(key));
}
