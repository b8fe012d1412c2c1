export {
  proxyExchange,
  type ProxiedExchange,
  type ProxyOptions,
  type UndiciDispatcher,
  type UndiciModule,
} from './transport/proxied-exchange.ts';
export type { ProxyRules, ProxyVariables } from './transport/proxy-rules.ts';
export { listen, type ListeningBackend } from './backend/listen.ts';
export { toNodeListener, type NodeIncoming, type NodeListener, type NodeOutgoing } from './backend/node-listener.ts';
