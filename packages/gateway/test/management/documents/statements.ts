/** One statement as the guide for troubles prints it, names filled in, with what its rows are like. */
export interface Statement {
  readonly ref: string;
  readonly sql: string;
  /** Columns that must come back, in their order; absent where all do. */
  readonly columns?: readonly string[];
  /** Least number of rows. */
  readonly rows: number;
  /** True where PostgreSQL alone knows what is asked for. */
  readonly postgresOnly?: boolean;
}

/** What is asked of a gateway with the administrator, a provider `custom-openai` and its model `gpt-4`. */
export const STATEMENTS: readonly Statement[] = [
  {
    ref: '000:103',
    sql: "SELECT id, username, role FROM users WHERE username = 'admin';",
    columns: ['id', 'username', 'role'],
    rows: 1,
  },
  {
    ref: '000:255',
    sql: 'SELECT id, identifier, status, updated_at FROM providers;',
    columns: ['id', 'identifier', 'status', 'updated_at'],
    rows: 5,
  },
  {
    ref: '000:281',
    sql: "SELECT id, identifier, status, provider_id FROM models WHERE identifier = 'gpt-4';",
    columns: ['id', 'identifier', 'status', 'provider_id'],
    rows: 1,
  },
  {
    ref: '000:358',
    sql: 'SELECT id, name, is_system FROM provider_templates;',
    columns: ['id', 'name', 'is_system'],
    rows: 7,
  },
  { ref: '000:494', sql: 'SELECT 1;', rows: 1 },
  {
    ref: '000:506',
    sql: "SELECT * FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'patchbay%';",
    rows: 1,
    postgresOnly: true,
  },
  { ref: '000:683', sql: 'SELECT version();', columns: ['version'], rows: 1, postgresOnly: true },
  { ref: '000:684', sql: 'SELECT count(*) FROM providers;', rows: 1 },
];
