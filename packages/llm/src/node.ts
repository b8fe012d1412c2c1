export {
  proxyExchange,
  type ProxiedExchange,
  type ProxyOptions,
  type UndiciDispatcher,
  type UndiciModule,
} from './transport/proxied-exchange.ts';
export type { ProxyRules, ProxyVariables } from './transport/proxy-rules.ts';
