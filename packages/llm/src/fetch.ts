export { createFailoverFetch, type FailoverOptions } from './adapters/fetch/create-failover-fetch.ts';
