/** Fault of a notification; docs/testing.md describes each. */
export type MockNotificationFault =
  | {
      readonly fault:
        | 'unsigned'
        | 'wrong-signature'
        | 'tampered-body'
        | 'other-merchant'
        | 'malformed'
        | 'wrong-types'
        | 'decorated'
        | 'wrong-content-type';
    }
  /** APIv3 only. */
  | { readonly fault: 'wrong-nonce' | 'unknown-serial' | 'probe' }
  /** APIv3 only: valid signature, but a digit of the ciphertext was changed; only the authentication tag reveals it. */
  | { readonly fault: 'tampered-ciphertext' }
  /** APIv3 only: valid signature, but encrypted with another APIv3 key. */
  | { readonly fault: 'wrong-key' }
  /** APIv3 only: valid signature with a timestamp that many seconds in the future (negative: in the past). */
  | { readonly fault: 'timestamp'; readonly secondsOff: number }
  /** APIv3 only. */
  | { readonly fault: 'missing-header'; readonly header: string }
  /** APIv2 only. */
  | { readonly fault: 'downgraded' | 'doctype' | 'duplicate-tag' | 'recut' };
