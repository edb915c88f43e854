import type { CallContext } from '../../errors/call-context.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';
import type { KeyService, Steps } from '../../transport/steps.js';
import { isSameSignature } from './canonical-fields.js';
import type { WxPayV2Signer } from './signer.js';
import type { V2Fields } from '../xml.js';

/** How errors speak of one kind of message. */
export interface FieldsWording {
  /** Such as `The answer to order.query of order T1`. */
  readonly nameOf: (call: CallContext) => string;
  /** What to do about a message without a signature. */
  readonly afterMissing: (call: CallContext) => string;
  /** What may have changed the message on its way, or how else it may have been signed. */
  readonly afterMismatch: string;
}

type AskingSteps = Pick<Steps, 'call' | 'ask'>;

const SIGNER: KeyService<string> = { name: 'signer', read: textOf };

/**
 * Verifies the signature of a message in the way that the merchant signs; one that is made in another way, MD5 instead of
 * HMAC-SHA256 for example, is a forgery like any other.
 *
 * @throws {WxPaySignatureError} if the signature is missing or does not prove the origin
 */
export async function verifyFields(
  fields: V2Fields,
  signer: WxPayV2Signer,
  wording: FieldsWording,
  steps: AskingSteps,
): Promise<void> {
  const { call } = steps;
  const refused = (reason: 'missing' | 'mismatch', problem: string): WxPaySignatureError =>
    new WxPaySignatureError(reason, `${wording.nameOf(call)} could not be verified: ${problem}.`, {
      merchant: call.merchant,
    });
  if (!fields.sign) throw refused('missing', `it lacks sign. ${wording.afterMissing(call)}`);
  const expected = await signatureOf(fields, signer, 'verifying', steps);
  if (!isSameSignature(expected, fields.sign)) {
    throw refused(
      'mismatch',
      `its signature is not the ${signer.signType} of its content. Check that the configured key is the APIv2 key of this merchant, and that ${wording.afterMismatch}`,
    );
  }
}

/** Has the signer, which the app may have written, sign these fields. */
export function signatureOf(
  fields: V2Fields,
  signer: WxPayV2Signer,
  step: 'signing' | 'verifying',
  steps: AskingSteps,
): Promise<string> {
  return steps.ask(SIGNER, step, () => signer.sign(fields));
}

function textOf(signature: unknown): string {
  if (typeof signature === 'string' && signature !== '') return signature;
  throw new Error('it did not return a string');
}
