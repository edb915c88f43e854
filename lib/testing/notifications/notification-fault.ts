/** What can be wrong with a notification; docs/testing.md says what each does. */
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
  /** Of APIv3 only. */
  | { readonly fault: 'wrong-nonce' | 'unknown-serial' | 'probe' }
  /** Of APIv3 only: validly signed, but a digit of the encrypted part was changed, which only its tag tells. */
  | { readonly fault: 'tampered-ciphertext' }
  /** Of APIv3 only: validly signed, but encrypted with another APIv3 key. */
  | { readonly fault: 'wrong-key' }
  /** Of APIv3 only: validly signed, but dated so many seconds later (negative: earlier) than now. */
  | { readonly fault: 'timestamp'; readonly secondsOff: number }
  /** Of APIv3 only. */
  | { readonly fault: 'missing-header'; readonly header: string }
  /** Of APIv2 only. */
  | { readonly fault: 'downgraded' | 'doctype' | 'duplicate-tag' | 'recut' };
