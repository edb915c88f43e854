/**
 * Known meanings of the number at the end of a `Request-ID`. For log lines only, never for decisions.
 *
 * @see https://github.com/wechatpay-apiv3/wechatpay-skills
 */
export const REASON_CODES: Readonly<Record<string, string>> = {
  '268512771': 'no such order',
  '268449538': 'already paid',
  '268498689': 'already paid',
  '268447914': 'expired or closed',
  '268449641': 'cannot be closed, reverse it',
  '268447843': 'the merchant does not own this order',
  '268447845': 'the sub-merchant does not own this order',
  '268447840': 'too many requests',
  '268443699': 'wrong signature',
  '268443715': 'merchant disabled',
  '268435461': 'bad parameter',
  '270924358': 'superfluous parameter',
};
