/** Version of the management interfaces, as `/v1/health` reports it. */
export const API_VERSION = '1.0.0';
