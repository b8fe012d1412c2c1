/** Whether asking again, as it is, can help, by code; and what the code means. */
export const AUTH_ERRORS = {
  invalid_credentials: { isRetryable: false, about: 'The provider does not take this key or token, or there is none.' },
  token_expired: { isRetryable: true, about: 'The access token has ended and no other could be had.' },
  refresh_failed: { isRetryable: true, about: 'The token endpoint gave no new token.' },
  oauth_flow_failed: { isRetryable: false, about: 'The sign-in did not come to its end: begin again.' },
  invalid_config: { isRetryable: false, about: 'A setting is missing or makes no sense.' },
  network_error: { isRetryable: true, about: 'The server could not be reached, or did not answer in time.' },
  provider_unavailable: { isRetryable: true, about: 'The server is in trouble, or asks for fewer requests.' },
  scope_insufficient: { isRetryable: false, about: 'The scopes asked for are not granted.' },
  key_rotation_failed: { isRetryable: true, about: 'There is no healthy key to change to, or it is too early.' },
  all_keys_exhausted: { isRetryable: true, about: 'No key is usable now.' },
  storage_error: { isRetryable: true, about: 'Tokens could not be read or written where they are kept.' },
  encryption_error: { isRetryable: false, about: 'Tokens could not be sealed or opened with this key.' },
} as const;

/** What went wrong with a credential, as a word that does not change. */
export type AuthErrorCode = keyof typeof AUTH_ERRORS;

/** What an `AuthError` is made of. */
export interface AuthErrorParts {
  readonly provider: string;
  readonly code: AuthErrorCode;
  /** A sentence for people that says what to do where something can be done; holds nothing secret. */
  readonly message: string;
  /** What the other side said about it; holds nothing secret. */
  readonly details?: string;
  readonly cause?: unknown;
}

/** Thrown by key managers, authenticators and token stores. As text: `{provider} authentication error: {message} ({code})`. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly provider: string;
  readonly code: AuthErrorCode;
  /** Empty where there is nothing more to say. */
  readonly details: string;

  constructor({ provider, code, message, details = '', cause }: AuthErrorParts) {
    super(message, cause === undefined ? undefined : { cause });
    this.provider = provider;
    this.code = code;
    this.details = details;
  }

  /** True when the same may be tried again, which says nothing about how soon. Goes by the code alone. */
  isRetryable(): boolean {
    return AUTH_ERRORS[this.code].isRetryable;
  }

  override toString(): string {
    return `${this.provider} authentication error: ${this.message} (${this.code})`;
  }

  /** The members by name, for logs; without the cause. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { provider, code, message, details } = this;
    return { provider, code, message, details, retryable: this.isRetryable() };
  }
}
