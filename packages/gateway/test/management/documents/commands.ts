/** What must come back of one command; members of the body that are not named may be anything. */
export interface Coming {
  readonly status: number;
  readonly body?: unknown;
}

/** One command as the two documents print it, with what must come back. */
export interface Printed {
  /** Document and line. */
  readonly ref: string;
  readonly command: string;
  readonly comes: Coming;
  /** Names values of the answer for `{name}` in later commands, by their paths, such as `id` or `data.0.id`. */
  readonly keeps?: Readonly<Record<string, string>>;
  /** The same command with a text of it replaced, and what must come back then. */
  readonly instead?: readonly (Coming & { readonly of: string; readonly put: string })[];
}

const ERROR = (code: string) => ({ error: { code, message: String }, timestamp: String, requestId: String });
const NO_TOKEN = { of: 'Bearer <token>', put: 'Bearer garbled', status: 401, body: ERROR('UNAUTHORIZED') };
const NO_PREFIX = { of: 'Bearer <token>', put: '<token>', status: 401, body: ERROR('UNAUTHORIZED') };
const NO_ADMIN = { of: '<token>', put: '<key>', status: 403, body: ERROR('INSUFFICIENT_PERMISSIONS') };
const AGAIN = { of: 'curl', put: 'curl' };
const UNKNOWN = 'd2f1c3a4-0000-4000-8000-000000000000';

const PROVIDER = { id: String, identifier: String, name: String, status: String, modelCount: Number };
const MODEL = { id: String, identifier: 'gpt-4', contextLength: 8192, status: 'active' };
const SESSION = {
  token: String,
  refreshToken: String,
  user: { id: String, username: 'admin', role: 'admin' },
  expiresIn: 3600,
};
const TEST_RESULT = { success: true, responseTime: Number, errors: [], testedAt: String };
const REGISTRY = {
  status: 'healthy',
  providersLoaded: Number,
  modelsLoaded: Number,
  lastRefresh: String,
  errors: Array,
  performance: { averageResponseTime: Number, successRate: Number },
};

/** Of the integration guide and of the guide for troubles, in an order in which they can be run. */
export const COMMANDS: readonly Printed[] = [
  {
    ref: '000:28',
    command: 'curl http://localhost:8000/api/system/health',
    comes: {
      status: 200,
      body: {
        healthy: true,
        status: 'healthy',
        services: Object,
        uptime: Number,
        version: String,
        timestamp: String,
        checks: { api: true, database: true, storage: Boolean, llm: Boolean, redis: Boolean },
      },
    },
  },
  {
    ref: '002:25',
    command: String.raw`curl -X POST http://localhost:8000/api/auth/login \
  -H "Content-Type: application/json" \
  -d '{
    "username": "admin@example.com",
    "password": "your-admin-password"
  }'`,
    comes: { status: 200, body: SESSION },
    keeps: { token: 'token' },
  },
  {
    ref: '000:78',
    command: String.raw`curl -X POST http://localhost:8000/api/auth/login \
  -H "Content-Type: application/json" \
  -d '{"username": "admin", "password": "password"}'`,
    comes: { status: 200, body: SESSION },
    instead: [
      { of: '"password": "password"', put: '"password": "no"', status: 401, body: ERROR('INVALID_CREDENTIALS') },
    ],
  },
  {
    ref: '000:97',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
  http://localhost:8000/api/auth/me`,
    comes: { status: 200, body: { username: 'admin', role: 'admin' } },
    instead: [NO_TOKEN, NO_PREFIX],
  },
  {
    ref: '000:31',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
  http://localhost:8000/api/admin/providers/registry-status`,
    comes: { status: 200, body: REGISTRY },
    instead: [NO_TOKEN, NO_ADMIN],
  },
  {
    ref: '000:51',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
  "http://localhost:8000/api/system/status"`,
    comes: { status: 200, body: { success: true, data: { status: String, services: { database: { status: 'up' } } } } },
  },
  {
    ref: '002:61',
    command: String.raw`curl -X POST http://localhost:8000/api/admin/providers \
  -H "Authorization: Bearer <token>" \
  -H "Content-Type: application/json" \
  -d '{
    "identifier": "custom-openai",
    "name": "Custom OpenAI Provider",
    "description": "Custom OpenAI configuration for our organization",
    "apiEndpoint": "https://api.openai.com/v1",
    "authMethod": "api_key",
    "authConfig": {
      "type": "api_key",
      "fields": {
        "apiKey": "sk-your-api-key-here"
      },
      "headers": {
        "Authorization": "Bearer {{apiKey}}"
      }
    },
    "capabilities": {
      "supportsSystemMessages": true,
      "maxContextLength": 128000,
      "supportedRoles": ["system", "user", "assistant"],
      "supportsStreaming": true,
      "supportsTools": true,
      "supportedAuthMethods": ["api_key"]
    }
  }'`,
    comes: { status: 201, body: { id: String, identifier: 'custom-openai', status: 'active', isSystem: false } },
    keeps: { 'provider-id': 'id' },
    instead: [
      { ...AGAIN, status: 409, body: ERROR('PROVIDER_ALREADY_EXISTS') },
      { of: '"custom-openai"', put: '"Custom OpenAI"', status: 400, body: ERROR('INVALID_IDENTIFIER') },
      { of: 'https://api.openai.com/v1', put: 'api.openai.com', status: 400, body: ERROR('INVALID_ENDPOINT') },
      {
        of: '"apiKey": "sk-your-api-key-here"',
        put: '',
        status: 422,
        body: { error: { code: 'VALIDATION_ERROR', validationErrors: [{ field: 'authConfig.fields.apiKey' }] } },
      },
    ],
  },
  {
    ref: '000:39',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
  "http://localhost:8000/api/admin/providers"`,
    comes: { status: 200, body: { data: [PROVIDER], pagination: { page: 1, total: Number, totalPages: Number } } },
  },
  {
    ref: '002:50',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
     http://localhost:8000/api/admin/providers`,
    comes: { status: 200, body: { data: [PROVIDER] } },
  },
  {
    ref: '000:43',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
  "http://localhost:8000/api/admin/providers/{provider-id}"`,
    comes: { status: 200, body: { ...PROVIDER, identifier: 'custom-openai', updatedAt: String } },
    instead: [
      { of: '{provider-id}', put: 'custom-openai', status: 200, body: { identifier: 'custom-openai' } },
      { of: '{provider-id}', put: UNKNOWN, status: 404, body: ERROR('PROVIDER_NOT_FOUND') },
    ],
  },
  {
    ref: '000:47',
    command: String.raw`curl -X POST -H "Authorization: Bearer <token>" \
  "http://localhost:8000/api/admin/providers/{provider-id}/test"`,
    comes: { status: 200, body: { ...TEST_RESULT, availableModels: ['gpt-4'], capabilities: Object } },
  },
  {
    ref: '002:93',
    command: String.raw`curl -X POST http://localhost:8000/api/admin/providers/{provider-id}/test \
  -H "Authorization: Bearer <token>"`,
    comes: { status: 200, body: TEST_RESULT },
  },
  {
    ref: '002:100',
    command: String.raw`curl -X POST http://localhost:8000/api/admin/providers/{provider-id}/models \
  -H "Authorization: Bearer <token>" \
  -H "Content-Type: application/json" \
  -d '{
    "identifier": "gpt-4",
    "name": "GPT-4",
    "description": "OpenAI GPT-4 model",
    "contextLength": 8192,
    "capabilities": {
      "supportsSystemMessages": true,
      "maxContextLength": 8192,
      "supportedRoles": ["system", "user", "assistant"],
      "supportsStreaming": true,
      "supportsTools": true,
      "supportsFunctionCalling": true
    },
    "pricingInfo": {
      "inputTokenPrice": 0.03,
      "outputTokenPrice": 0.06,
      "currency": "USD"
    }
  }'`,
    comes: { status: 201, body: MODEL },
    keeps: { 'model-id': 'id' },
    instead: [
      {
        of: '"contextLength": 8192',
        put: '"contextLength": 200000',
        status: 400,
        body: { error: { message: /128.?000/ } },
      },
      { ...AGAIN, status: 409, body: { error: { code: String } } },
    ],
  },
  {
    ref: '000:269',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
  "http://localhost:8000/api/admin/models/{model-id}"`,
    comes: { status: 200, body: MODEL },
    instead: [{ of: '{model-id}', put: UNKNOWN, status: 404, body: ERROR('MODEL_NOT_FOUND') }],
  },
  {
    ref: '000:299',
    command: String.raw`curl -X POST -H "Authorization: Bearer <token>" \
  "http://localhost:8000/api/admin/models/{model-id}/test"`,
    comes: { status: 200, body: { ...TEST_RESULT, actualCapabilities: Object } },
  },
  {
    ref: '002:127',
    command: String.raw`curl -X POST http://localhost:8000/api/admin/models/{model-id}/test \
  -H "Authorization: Bearer <token>"`,
    comes: { status: 200, body: TEST_RESULT },
  },
  {
    ref: '000:352',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
  http://localhost:8000/api/admin/provider-templates`,
    comes: { status: 200, body: { data: [{ id: String, name: String, isSystem: true }] } },
  },
  {
    ref: '002:136',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
     http://localhost:8000/api/admin/provider-templates`,
    comes: { status: 200, body: { data: [{ id: String, name: String }] } },
  },
  {
    ref: '000:322',
    command: String.raw`curl -H "Authorization: Bearer <token>" \
  "http://localhost:8000/api/admin/provider-templates/{template-id}"`,
    comes: {
      status: 200,
      body: {
        providerConfig: {
          authConfig: { fields: { apiKey: { required: true, sensitive: true, description: String } } },
        },
      },
    },
    instead: [{ of: '{template-id}', put: UNKNOWN, status: 404, body: ERROR('TEMPLATE_NOT_FOUND') }],
  },
  {
    ref: '002:143',
    command: String.raw`curl -X POST http://localhost:8000/api/admin/provider-templates/{template-id}/apply \
  -H "Authorization: Bearer <token>" \
  -H "Content-Type: application/json" \
  -d '{
    "identifier": "my-openai-provider",
    "name": "My OpenAI Provider",
    "customizations": {
      "apiKey": "sk-your-api-key-here",
      "organizationId": "org-your-org-id"
    }
  }'`,
    comes: {
      status: 201,
      body: {
        id: String,
        identifier: 'my-openai-provider',
        authConfig: { fields: { organizationId: 'org-your-org-id' } },
      },
    },
    instead: [
      { ...AGAIN, status: 409, body: ERROR('PROVIDER_ALREADY_EXISTS') },
      { of: '"apiKey": "sk-your-api-key-here",', put: '', status: 422, body: ERROR('VALIDATION_ERROR') },
    ],
  },
  {
    ref: '002:161',
    command: String.raw`curl -X POST http://localhost:8000/api/admin/providers/export \
  -H "Authorization: Bearer <token>" \
  -H "Content-Type: application/json" \
  -d '{
    "includeModels": true,
    "includeTemplates": false
  }' > provider-backup.json`,
    comes: { status: 200 },
  },
  {
    ref: '002:173',
    command: String.raw`curl -X POST http://localhost:8000/api/admin/providers/import \
  -H "Authorization: Bearer <token>" \
  -H "Content-Type: application/json" \
  -d @provider-backup.json`,
    comes: { status: 200, body: { success: true, imported: 0, updated: Number, skipped: Number, errors: [] } },
    instead: [{ of: '@provider-backup.json', put: '{"data":', status: 400, body: { error: { code: String } } }],
  },
  {
    ref: '000:247',
    command: String.raw`curl -X POST -H "Authorization: Bearer <token>" \
  http://localhost:8000/api/admin/providers/refresh-registry`,
    comes: {
      status: 200,
      body: { message: String, providersLoaded: Number, modelsLoaded: Number, refreshedAt: String },
    },
  },
  {
    ref: '002:191',
    command: String.raw`curl -X POST http://localhost:8000/api/admin/providers/refresh-registry \
  -H "Authorization: Bearer <token>"`,
    comes: { status: 200, body: { message: String } },
  },
  {
    ref: '000:436',
    command: String.raw`curl -w "@curl-format.txt" -H "Authorization: Bearer <token>" \
  http://localhost:8000/api/admin/providers`,
    comes: { status: 200, body: /time_total: +[\d.]+ s\n +http_code: +200\n$/ },
  },
];
