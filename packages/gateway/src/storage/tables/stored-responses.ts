/** One answer of the Responses API that the gateway keeps in a provider's place. Times in milliseconds since 1970. */
export interface StoredResponseTable {
  id: string;
  /** The data-plane key that it belongs to; others never see it. */
  key_id: string;
  created_at_ms: number;
  /** The answer before it in the same conversation. */
  previous_id: string | null;
  /** The vendor's own word, such as `completed` or `in_progress`. */
  status: string;
  /** The answer in JSON, as it was sent. */
  response: string;
  /** JSON list of what this turn alone brought. */
  input: string;
}
