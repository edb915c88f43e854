/** Refusal of an APIv2 request. */
export class V2Refusal extends Error {
  /** Official error code; for layer `message` it appears in `requests` only. */
  readonly code: string;
  /**
   * `message`: the request could not be parsed or authenticated, or has a `time_expire` that is too early; the refusal is
   * unsigned. `business`: any other refusal, signed.
   */
  readonly layer: 'message' | 'business';

  /** Asks the client to retry a reversal (`Y`) or not (`N`). */
  readonly recall?: 'Y' | 'N';

  constructor(layer: 'message' | 'business', code: string, text: string, recall?: 'Y' | 'N') {
    super(text);
    this.layer = layer;
    this.code = code;
    this.recall = recall;
  }
}

/** Creates an unsigned refusal: `return_code` FAIL and a text, without code. */
export function messageRefusal(code: string, text: string): V2Refusal {
  return new V2Refusal('message', code, text);
}

/** Creates the refusal of an authenticated request: `result_code` FAIL with a code. */
export function businessRefusal(code: string, text: string, recall?: 'Y' | 'N'): V2Refusal {
  return new V2Refusal('business', code, text, recall);
}
