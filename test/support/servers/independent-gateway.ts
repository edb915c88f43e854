import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { PublicKeyVerifier, RsaSigner, type WxPayV3Options } from 'nestjs-wxpay';
import { Formatter, Rsa } from 'wechatpay-axios-plugin';

/** What the gateway answers with, before it signs. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Compresses the body on the way, as a proxy may; the signature covers what was compressed. */
  readonly gzip?: boolean;
}

export interface IndependentGateway {
  readonly options: WxPayV3Options;
  /** Whether the client's cryptography accepted each request, in order of arrival. */
  readonly accepted: readonly boolean[];
  /** How many connections were opened in all. */
  readonly connections: number;
  /** How many of them are open. */
  readonly openConnections: number;
  readonly headers: readonly IncomingMessage['headers'][];
  stop(): void;
}

const MERCHANT_SERIAL = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';
const PUBLIC_KEY_ID = 'PUB_KEY_ID_INDEPENDENT';

/** A gateway that shares no code with ours: another client's formatter and RSA check requests and sign answers. */
export async function startIndependentGateway(answer: (path: string) => Answer): Promise<IndependentGateway> {
  const merchant = keyPair();
  const platform = keyPair();
  const merchantKey = Rsa.from(merchant.publicKey, Rsa.KEY_TYPE_PUBLIC);
  const platformKey = Rsa.from(platform.privateKey, Rsa.KEY_TYPE_PRIVATE);
  const accepted: boolean[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let connections = 0;
  let openConnections = 0;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '' } = request;
      const claims = parametersOf(request.headers.authorization ?? '');
      const message = Formatter.request(
        method,
        url,
        claims.timestamp ?? '',
        claims.nonce_str ?? '',
        Buffer.concat(chunks).toString('utf8'),
      );
      accepted.push(Rsa.verify(message, claims.signature ?? '', merchantKey));
      headers.push(request.headers);
      reply(response, answer(url));
    });
  });
  server.on('connection', (socket) => {
    connections++;
    openConnections++;
    socket.on('close', () => openConnections--);
  });

  function reply(response: ServerResponse, { status, body, gzip = false }: Answer): void {
    const timestamp = Formatter.timestamp();
    const nonce = Formatter.nonce();
    response.writeHead(status, {
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Serial': PUBLIC_KEY_ID,
      'Wechatpay-Signature': Rsa.sign(Formatter.response(timestamp, nonce, body), platformKey),
      ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.end(gzip ? gzipSync(body) : body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    options: {
      mchid: '1900000001',
      signer: new RsaSigner({ privateKey: merchant.privateKey, serialNo: MERCHANT_SERIAL }),
      verifier: new PublicKeyVerifier({ publicKey: platform.publicKey, publicKeyId: PUBLIC_KEY_ID }),
      hosts: [`http://127.0.0.1:${port}`],
    },
    accepted,
    headers,
    get connections() {
      return connections;
    },
    get openConnections() {
      return openConnections;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function keyPair(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

function parametersOf(authorization: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
}
