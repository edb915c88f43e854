import type { KeyObject } from 'node:crypto';
import { CombinedVerifier } from '../../crypto/combined-verifier.js';
import type { WxPaySigner } from '../../crypto/signer.js';
import type { WxPayVerifier } from '../../crypto/verifier.js';
import type { CallContext } from '../../errors/call-context.js';
import type { Reply } from '../../transport/http/reply.js';
import type { Transport } from '../../transport/transport.js';
import { V3Authenticator } from '../authenticator.js';
import { decodeV3Error } from '../decode-error.js';
import { refuseForeignPage } from '../refuse-foreign-page.js';
import { parseJson, UnexpectedJson } from '../json.js';
import { downloadCertificates } from '../operations/download-certificates.js';
import { DownloadedList } from './downloaded-list.js';
import { decryptCertificate } from './decrypt-certificate.js';
import { downloadRefused, unreadableList, untrustedList } from './download-failures.js';
import { PlatformCertificates } from './platform-certificates.js';

export interface CertificateDownloadOptions {
  readonly mchid: string;
  readonly signer: WxPaySigner;
  readonly apiV3Key: KeyObject;
  readonly transport: Transport;
  /** Verifies the list besides the held certificates, and alone while none is held. */
  readonly trust?: WxPayVerifier;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly nonce: () => string;
}

/** Downloads the platform certificates of a merchant. This reply must be read before it can be verified. */
export class CertificateDownload {
  readonly #options: CertificateDownloadOptions;

  constructor(options: CertificateDownloadOptions) {
    this.#options = options;
  }

  /**
   * Downloads, decrypts and verifies the list.
   *
   * @param held the certificates that verify the new ones, as `trust` does. If there is neither, the list verifies itself:
   *   only WeChat Pay could encrypt it with the APIv3 key
   * @throws {WxPayError} if any part of the list cannot be verified; none of it is used then
   */
  run(held: PlatformCertificates): Promise<PlatformCertificates> {
    const { mchid, transport, now } = this.#options;
    const operation = downloadCertificates;
    const call: CallContext = {
      operation: operation.name,
      subject: operation.subject(this.#options),
      merchant: mchid,
    };
    const known = this.#knownKeys(held);
    const request = operation.request(this.#options, mchid);
    return transport.run(call, { effect: operation.effect }, async (attempt) => {
      const proof = await this.#authenticator(known ?? held).authorize(request, attempt);
      const reply = await attempt.send(request, { Accept: 'application/json', ...proof });
      if (!operation.successStatus.includes(reply.status)) {
        // Not verified, as there may be no key to verify it with: a refusal only changes the error.
        throw downloadRefused(
          decodeV3Error(reply, { call, host: attempt.host, signed: false, now: now() }),
          mchid,
        );
      }
      // The page of a proxy proves nothing about the certificates: the backup host gets the next attempt.
      refuseForeignPage(reply, call, attempt.host);
      const list = new DownloadedList(() => this.#decrypt(reply, call));
      await this.#authenticator(known ?? list)
        .verify(reply, attempt)
        .catch((error: unknown) => {
          throw untrustedList(list.failure ?? error, reply, call);
        });
      return list.certificates;
    });
  }

  /** Returns the verifier that needs no key from the list: held certificates and `trust`. */
  #knownKeys(held: PlatformCertificates): WxPayVerifier | undefined {
    const { trust } = this.#options;
    if (held.serialNos.length === 0) return trust;
    return trust === undefined ? held : new CombinedVerifier([held, trust]);
  }

  #authenticator(verifier: WxPayVerifier): V3Authenticator {
    return new V3Authenticator({ ...this.#options, verifier });
  }

  #decrypt({ body }: Reply, call: CallContext): PlatformCertificates {
    const { mchid, apiV3Key, now } = this.#options;
    try {
      const encrypted = downloadCertificates.decode(parseJson(body), this.#options, { mchid });
      const decrypted = encrypted.map((each, index) =>
        decryptCertificate(each, apiV3Key, `$.data[${index}]`),
      );
      const certificates = new PlatformCertificates(
        decrypted.filter((each) => each !== undefined),
        now,
      );
      if (certificates.serialNos.length > 0) return certificates;
      throw new UnexpectedJson(
        '$.data',
        `has ${decrypted.length} certificates, none of which is an RSA certificate that is valid now. Check the clock of this machine.`,
      );
    } catch (error) {
      throw unreadableList(error, call);
    }
  }
}
