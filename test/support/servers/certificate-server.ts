import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { RsaSigner, type PlatformCertificateVerifierOptions } from 'nestjs-wxpay';
import { Aes, Formatter, Rsa } from 'wechatpay-axios-plugin';
import type { PlatformKey } from '../fixtures/platform-keys.js';
import { rsaKeys } from '../fixtures/rsa-keys.js';

export const MERCHANT_SERIAL_NO = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';

// Made once for all servers of a file: making keys is slow.
const MERCHANT_KEYS = rsaKeys();

/** What signs a reply. */
export interface SigningKey {
  readonly serialNo: string;
  readonly privatePem: string;
}

/** One entry of the list as it goes over the wire. */
export interface ListEntry {
  serial_no: string;
  effective_time: string;
  expire_time: string;
  encrypt_certificate: { algorithm: string; nonce: string; associated_data: string; ciphertext: string };
}

/** A refusal in place of the list. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
}

/**
 * A WeChat Pay that has platform certificates. It shares no code with the library: another client's cryptography checks
 * each request, encrypts the certificates and signs the replies.
 *
 * Order queries are answered too, so that a merchant can be built on it.
 */
export class CertificateServer {
  readonly mchid: string;
  readonly apiV3Key = randomBytes(16).toString('hex');
  /** What the list has; the last is the newest. */
  inService: readonly PlatformKey[];
  /** Signs the list; by default the key that the client asked for, or else the newest. */
  signListWith?: SigningKey;
  /** Signs all other replies; by default like the list. */
  signOrdersWith?: SigningKey;
  /** Changes the list after it was encrypted and before it is signed. */
  changeList?: (list: ListEntry[]) => unknown;
  /** Changes the headers of the list after it was signed. */
  changeHeaders?: (headers: Record<string, string>) => Record<string, string>;
  refusal?: Refusal;
  /** How far the clock of both sides is ahead of this machine's. */
  aheadMs = 0;
  /** The `Wechatpay-Serial` of each download, in order of arrival. */
  readonly downloads: (string | undefined)[] = [];
  /** The nonce of each request, in order of arrival. */
  readonly nonces: (string | undefined)[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #gate: Promise<void> = Promise.resolve();

  private constructor(mchid: string, inService: readonly PlatformKey[]) {
    this.mchid = mchid;
    this.inService = inService;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(inService: readonly PlatformKey[], mchid = '1900000001'): Promise<CertificateServer> {
    const server = new CertificateServer(mchid, inService);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The merchant's private key in PEM; its certificate is `MERCHANT_SERIAL_NO`. */
  get merchantPrivateKey(): string {
    return MERCHANT_KEYS.privatePem;
  }

  /** For a verifier of the merchant; nothing is asked until it is used. */
  options(): PlatformCertificateVerifierOptions {
    const signer = new RsaSigner({ privateKey: this.merchantPrivateKey, serialNo: MERCHANT_SERIAL_NO });
    const now = (): number => Date.now() + this.aheadMs;
    return { mchid: this.mchid, signer, apiV3Key: this.apiV3Key, hosts: [this.url], now };
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Holds the list back until what it returns is called; requests still arrive. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return () => release();
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', headers } = request;
    const asked = headers['wechatpay-serial']?.toString();
    if (!this.#isSignedByMerchant(request)) return reply(response, 401, '{"code":"SIGN_ERROR"}');
    const own = this.inService.find(({ serialNo }) => serialNo === asked) ?? this.inService.at(-1);
    if (url !== '/v3/certificates') {
      const outTradeNo = url.replace(/\?.*$/, '').split('/').at(-1);
      const order = {
        mchid: this.mchid,
        out_trade_no: outTradeNo,
        trade_state: 'NOTPAY',
        trade_state_desc: '-',
      };
      const body = JSON.stringify(order);
      return reply(response, 200, body, this.#prove(body, this.signOrdersWith ?? own));
    }
    this.downloads.push(asked);
    // What is in service when the request arrives, whenever the answer leaves.
    const { refusal, changeHeaders = (same) => same } = this;
    const body = JSON.stringify(this.#list());
    const signature = changeHeaders(this.#prove(body, this.signListWith ?? own));
    await this.#gate;
    return refusal === undefined
      ? reply(response, 200, body, signature)
      : reply(response, refusal.status, refusal.body);
  }

  #list(): unknown {
    const data = this.inService.map(({ serialNo, certificatePem, effectiveAt, expiresAt }) => {
      const nonce = randomBytes(6).toString('hex');
      const ciphertext = Aes.AesGcm.encrypt(certificatePem, this.apiV3Key, nonce, 'certificate');
      return {
        serial_no: serialNo,
        effective_time: effectiveAt.toISOString(),
        expire_time: expiresAt.toISOString(),
        encrypt_certificate: {
          algorithm: 'AEAD_AES_256_GCM',
          nonce,
          associated_data: 'certificate',
          ciphertext,
        },
      };
    });
    return this.changeList?.(data) ?? { data };
  }

  /** The headers that prove a reply, as another client makes them. */
  #prove(body: string, key: SigningKey | undefined): Record<string, string> {
    if (key === undefined) return {};
    const timestamp = String(Formatter.timestamp() + Math.round(this.aheadMs / 1000));
    const nonce = Formatter.nonce();
    const privateKey = Rsa.from(key.privatePem, Rsa.KEY_TYPE_PRIVATE);
    return {
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Serial': key.serialNo,
      'Wechatpay-Signature': Rsa.sign(Formatter.response(timestamp, nonce, body), privateKey),
    };
  }

  #isSignedByMerchant({ method = '', url = '', headers }: IncomingMessage): boolean {
    const { authorization = '', accept, 'user-agent': userAgent } = headers;
    const claims = Object.fromEntries(
      [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    this.nonces.push(claims.nonce_str);
    const message = Formatter.request(method, url, claims.timestamp ?? '', claims.nonce_str ?? '', '');
    return (
      accept === 'application/json' &&
      userAgent !== undefined &&
      claims.mchid === this.mchid &&
      Rsa.verify(message, claims.signature ?? '', Rsa.from(MERCHANT_KEYS.publicPem, Rsa.KEY_TYPE_PUBLIC))
    );
  }
}

function reply(response: ServerResponse, status: number, body: string, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(body);
}
