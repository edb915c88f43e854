/** Thrown wherever a request of APIv2 turns out to be refused. */
export class V2Refusal extends Error {
  /** Official; of a `message`, it appears in `requests` only. */
  readonly code: string;
  /** `message`: not understood or not believed, and answered unsigned. `business`: everything after that, signed. */
  readonly layer: 'message' | 'business';

  /** Of a reversal: whether to call again. */
  readonly recall?: 'Y' | 'N';

  constructor(layer: 'message' | 'business', code: string, text: string, recall?: 'Y' | 'N') {
    super(text);
    this.layer = layer;
    this.code = code;
    this.recall = recall;
  }
}

/** What is said of a request before its signature counts: `return_code` FAIL, a text, no code, no signature. */
export function messageRefusal(code: string, text: string): V2Refusal {
  return new V2Refusal('message', code, text);
}

/** What is said of a genuine request: `result_code` FAIL with a code. */
export function businessRefusal(code: string, text: string, recall?: 'Y' | 'N'): V2Refusal {
  return new V2Refusal('business', code, text, recall);
}
