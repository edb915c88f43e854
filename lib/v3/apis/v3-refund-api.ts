import type { CallOptions } from '../../domain/options.js';
import type { EncryptedText } from '../../domain/request.js';
import type { SensitiveFieldsApi } from '../../domain/ports/apis.js';
import type { RefundApi, RefundApiTerms } from '../../domain/ports/refund-api.js';
import type { AbnormalRefundRequest } from '../../domain/refunds/abnormal-refund-request.js';
import type { RefundRef } from '../../domain/refunds/refund-ref.js';
import type { RefundRequest } from '../../domain/refunds/refund-request.js';
import type { Refund } from '../../domain/refunds/refund.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { timeLeft } from '../../transport/time-left.js';
import { createRefund } from '../operations/create-refund.js';
import { queryRefund } from '../operations/query-refund.js';
import { sendRefundAnotherWay, type EncryptedAbnormalRefund } from '../operations/send-refund-another-way.js';
import type { V3Pipeline } from '../pipeline.js';

export interface V3RefundApiOptions {
  readonly pipeline: V3Pipeline;
  readonly terms: RefundApiTerms;
  /** Encrypts the bank account and the name of a customer. */
  readonly sensitiveFields: Pick<SensitiveFieldsApi, 'encrypt'>;
}

/** Refunds the orders of a merchant, or of its sub-merchants, over APIv3. */
export class V3RefundApi implements RefundApi {
  readonly terms: RefundApiTerms;
  readonly #pipeline: V3Pipeline;
  readonly #sensitiveFields: Pick<SensitiveFieldsApi, 'encrypt'>;

  constructor({ pipeline, terms, sensitiveFields }: V3RefundApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.#sensitiveFields = sensitiveFields;
  }

  async refund(request: RefundRequest, options?: CallOptions): Promise<Refund> {
    return this.#pipeline.execute(createRefund, request, options);
  }

  query(ref: RefundRef, options?: CallOptions): Promise<Refund> {
    return this.#pipeline.execute(queryRefund, ref, options);
  }

  async refundAbnormal(
    request: AbnormalRefundRequest,
    { signal, timeoutMs = this.terms.timeoutMs }: CallOptions = {},
  ): Promise<Refund> {
    const remaining = timeLeft({ signal, timeoutMs });
    const encrypted = await this.#encrypt(request, remaining);
    return this.#pipeline.execute(sendRefundAnotherWay, encrypted, remaining());
  }

  #changingKeys(): WxPayConfigError {
    const problem =
      'The verifier of this merchant encrypts with another key each time: two fields of one request need the same key. Let encrypt() keep to one.';
    return new WxPayConfigError([problem], { merchant: this.terms.merchant });
  }

  /** Encrypts both fields with one key: between two calls, the verifier may have changed to another. */
  async #encrypt(
    request: AbnormalRefundRequest,
    remaining: () => CallOptions,
  ): Promise<EncryptedAbnormalRefund> {
    const { outRefundNo, subMchid, refundId, type } = request;
    const ref = { outRefundNo, subMchid, refundId, type };
    if (request.type === 'MERCHANT_BANK_CARD') return ref;
    const { bankType } = request;
    const encrypt = (text: string): Promise<EncryptedText> =>
      this.#sensitiveFields.encrypt(text, remaining());
    const first = await encrypt(request.realName);
    const { ciphertext: bankAccount, serialNo } = await encrypt(request.bankAccount);
    const name = first.serialNo === serialNo ? first : await encrypt(request.realName);
    if (name.serialNo !== serialNo) throw this.#changingKeys();
    return { ...ref, card: { bankType, bankAccount, realName: name.ciphertext, serialNo } };
  }
}
