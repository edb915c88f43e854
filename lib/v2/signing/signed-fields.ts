import type { CallContext } from '../../errors/call-context.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';
import type { KeyService, Steps } from '../../transport/steps.js';
import { isSameSignature } from './canonical-fields.js';
import type { WxPayV2Signer } from './signer.js';
import type { V2Fields } from '../xml.js';

/** Wording of errors about one kind of message. */
export interface FieldsWording {
  /** Returns the name of the message, for example `A notification to …`. */
  readonly nameOf: (call: CallContext) => string;
  /** Returns the advice for a message without a signature. */
  readonly afterMissing: (call: CallContext) => string;
  /** Possible causes of a mismatch: a change of the message on its way, or another signature algorithm. */
  readonly afterMismatch: string;
}

type AskingSteps = Pick<Steps, 'call' | 'ask'>;

const SIGNER: KeyService<string> = { name: 'signer', read: textOf };

/**
 * Verifies the signature of a message by the algorithm of the merchant. A signature by another algorithm, such as MD5
 * instead of HMAC-SHA256, is refused as a forgery.
 *
 * @throws {WxPaySignatureError} if the signature is missing or could not be verified
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

/** Signs fields with the signer, which may be code of the app. */
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
