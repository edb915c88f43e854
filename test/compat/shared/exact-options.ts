import {
  WxPayVerifier,
  type OrderCloseService,
  type OrderQueryService,
  type VerifyInput,
  type WxPayClient,
  type WxPayOptions,
  type WxPaySigner,
  type WxPayV3Options,
} from 'nestjs-wxpay';
import { defineWxPayConfig } from 'nestjs-wxpay/config';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';

// With `exactOptionalPropertyTypes`, what an app looks up and may not have has to compile wherever it may be left out.
declare const found: { readonly text?: string; readonly number?: number; readonly date?: Date };
declare const signal: AbortSignal | undefined;
declare const required: WxPayOptions;

export function options(): WxPayOptions {
  return { ...required, timeoutMs: found.number, userAgent: found.text };
}

export function optionsV3(v3: WxPayV3Options): WxPayOptions {
  const codePayReverse = found.text === undefined ? undefined : { appid: found.text };
  return { ...v3, apiV3Key: found.text, codePayReverse };
}

/** Hands what it is given to another verifier. */
export class DelegatingVerifier extends WxPayVerifier {
  constructor(private readonly other: WxPayVerifier) {
    super();
  }

  override acceptedSerialNo(): Promise<string | undefined> {
    return this.other.acceptedSerialNo({ signal });
  }

  override verify({ message, signature, serialNo, maySeek, signal: given }: VerifyInput): Promise<boolean> {
    return this.other.verify({ message, signature, serialNo, maySeek, signal: given });
  }
}

export function sign(signer: WxPaySigner, message: string): Promise<string> {
  return signer.sign({ message, signal });
}

export const config = defineWxPayConfig({ name: found.text, prefix: found.text });

export async function call(
  orderQuery: OrderQueryService,
  orderClose: OrderCloseService,
  client: WxPayClient,
): Promise<void> {
  const ref = { outTradeNo: 'T20260101', subMchid: found.text, subAppid: found.text };
  await orderQuery.query(ref, { timeoutMs: found.number, signal, share: undefined });
  await orderClose.close(ref, { createdAt: found.date });
  await client.request({ method: 'GET', path: '/v3/certificates', query: undefined }, { signal });
}

export async function place(): Promise<void> {
  const gateway = await MockWxPayGateway.start({ mchid: found.text, port: found.number, now: undefined });
  gateway.orders.create({ outTradeNo: 'T20260101', amount: { total: 100 }, attach: found.text });
}
