/** What somebody sees before they know why, as the troubleshooting guides call it. */
export interface Symptom {
  /** Guide and heading. */
  readonly guide: 'providers' | 'integration' | 'accounts' | 'generation' | 'library';
  readonly heading: string;
}

const of = (guide: Symptom['guide'], heading: string): Symptom => ({ guide, heading });

/** Every symptom of the guides, by a name for `symptoms` of a check. Each has a check that explains it. */
export const SYMPTOMS = {
  'providers-401': of('providers', '401 Unauthorized Error'),
  'providers-403': of('providers', '403 Forbidden Error'),
  'providers-create': of('providers', 'Provider Creation Fails'),
  'providers-test': of('providers', 'Provider Test Failures'),
  'providers-updates': of('providers', 'Provider Updates Not Reflected'),
  'providers-model-missing': of('providers', 'Model Not Available'),
  'providers-model-mismatch': of('providers', 'Model Capabilities Mismatch'),
  'providers-template-fails': of('providers', 'Template Application Fails'),
  'providers-template-missing': of('providers', 'Template Not Found'),
  'providers-registry-behind': of('providers', 'Registry Out of Sync'),
  'providers-registry-slow': of('providers', 'Registry Performance Problems'),
  'providers-slow': of('providers', 'Slow API Responses'),
  'providers-memory': of('providers', 'High Memory Usage'),
  'providers-database': of('providers', 'Database Connection Failures'),
  'providers-migrations': of('providers', 'Migration Failures'),
  'providers-unreachable': of('providers', 'Provider API Unreachable'),
  'providers-limits': of('providers', 'Rate Limiting'),
  'integration-authentication': of('integration', 'Authentication Failures'),
  'integration-connectivity': of('integration', 'Provider Connectivity Issues'),
  'integration-models': of('integration', 'Model Configuration Errors'),
  'integration-import': of('integration', 'Import/Export Issues'),
  'integration-registry': of('integration', 'Registry Synchronization Issues'),
  'accounts-none': of('accounts', '"No available accounts for provider"'),
  'accounts-proxy': of('accounts', 'Proxy connection errors'),
  'accounts-refresh': of('accounts', 'OAuth token refresh failures'),
  'accounts-key': of('accounts', 'API key authentication failures'),
  'accounts-429': of('accounts', '"429 Too Many Requests"'),
  'accounts-latency': of('accounts', 'High latency'),
  'accounts-logs': of('accounts', 'Request logs not appearing'),
  'accounts-rotation': of('accounts', 'Round-robin not working'),
  'accounts-token-cache': of('accounts', 'OAuth cache issues'),
  'accounts-connections': of('accounts', '"Too many connections"'),
  'accounts-queries': of('accounts', 'Slow queries'),
  'accounts-provider': of('accounts', '"Provider not found"'),
  'accounts-translation': of('accounts', 'Format translation errors'),
  'accounts-crashes': of('accounts', 'Panic or crashes'),
  'generation-start': of('generation', "Service Won't Start"),
  'generation-authentication': of('generation', 'Authentication Failures'),
  'generation-outline': of('generation', 'Outline Generation Issues'),
  'generation-images': of('generation', 'Image Generation Failures'),
  'generation-slow': of('generation', 'Performance Problems'),
  'library-credentials': of('library', '"invalid_credentials" error'),
  'library-token-expired': of('library', 'OAuth token expired'),
  'library-429': of('library', '429 Too Many Requests'),
  'library-timeout': of('library', 'Request timeout'),
  'library-network': of('library', 'Network connection failed'),
  'library-refresh': of('library', 'OAuth token refresh failed'),
  'library-configuration': of('library', 'Invalid configuration'),
  'library-model': of('library', 'OpenAI: Model not found'),
  'library-headers': of('library', 'Anthropic: Missing required headers'),
  'library-project': of('library', 'Gemini: Project ID required'),
  'library-slow': of('library', 'Slow Response Times'),
  'library-memory': of('library', 'High Memory Usage'),
  'library-cpu': of('library', 'CPU Spikes'),
  'library-connections': of('library', 'Connection Pool Exhaustion'),
  'library-cache': of('library', 'Cache Misses'),
  'library-rotation': of('library', 'API key rotation'),
  'library-storage': of('library', 'Token storage problems'),
  'library-pkce': of('library', 'PKCE errors'),
  'library-state': of('library', 'State validation failures'),
} as const satisfies Readonly<Record<string, Symptom>>;

/** Name of a symptom. */
export type SymptomId = keyof typeof SYMPTOMS;
